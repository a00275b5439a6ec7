import { unsupportedContentEncoding, unsupportedContentType } from "../errors/catalogue.ts";
import type { Exchange } from "../http/exchange.ts";
import { assertSafeJson, parseJson } from "../http/json.ts";
import type { JsonBody } from "../operation.ts";

export interface ParsedBody {
  readonly body: unknown;
  /** Null when the host's own parser consumed the bytes. */
  readonly rawBody: Uint8Array | null;
}

/** Reads, bounds, decodes and validates a request body. Every failure is a 4xx that names what is wrong. */
export async function parseBody(exchange: Exchange, expected: JsonBody, maxBytes: number): Promise<ParsedBody> {
  const contentType = exchange.header("content-type");
  if (contentType && !isJson(contentType)) throw unsupportedContentType(contentType, expected.contentType);
  const encoding = exchange.header("content-encoding");
  if (encoding && encoding !== "identity" && !exchange.body.taken) throw unsupportedContentEncoding(encoding);

  const rawBody = exchange.body.parsed === undefined ? await exchange.body.bytes(maxBytes) : null;
  const body = assertSafeJson(rawBody ? parseJson(rawBody) : exchange.body.parsed);
  expected.validate(body);
  return { body, rawBody };
}

/** `application/json`, with any parameters, and `application/*+json`. */
function isJson(contentType: string): boolean {
  return contentType === "application/json" || /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
}
