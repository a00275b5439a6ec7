import { unsupportedContentEncoding, unsupportedContentType } from "../errors/catalogue.ts";
import type { Exchange } from "../http/exchange.ts";
import { assertSafeJson, parseJson } from "../http/json.ts";
import type { JsonBody } from "../operation.ts";

/**
 * Whether the body is still there to be read; false when the host's own parser consumed its bytes.
 * @throws ApiError 415 where it says that it is of another kind, or compressed
 */
export function hasBytes(exchange: Exchange, expected: JsonBody): boolean {
  const contentType = exchange.header("content-type");
  if (contentType && !isJson(contentType)) throw unsupportedContentType(contentType, expected.contentType);
  const encoding = exchange.header("content-encoding");
  if (encoding && encoding !== "identity" && !exchange.body.taken) throw unsupportedContentEncoding(encoding);
  return exchange.body.parsed === undefined;
}

/** Decodes and validates a body. Every failure is a 4xx that names what is wrong. */
export function parseBody(exchange: Exchange, expected: JsonBody, rawBody: Uint8Array | null): unknown {
  const body = assertSafeJson(rawBody ? parseJson(rawBody) : exchange.body.parsed);
  expected.validate(body);
  return body;
}

/** `application/json`, with any parameters, and `application/*+json`. */
function isJson(contentType: string): boolean {
  return contentType === "application/json" || /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
}
