import type { ForwardReply } from "../engine/engine.ts";
import { isByteStream } from "../http/exchange.ts";
import { ApiError } from "./api-error.ts";

const MAX_ERROR_BYTES = 65_536;
const PASSED_HEADERS = ["retry-after", "retry-after-ms", "x-should-retry"];

/**
 * An upstream's refusal as this API's own: its status and envelope are kept. A refusal of the server's credentials is not
 * the client's to see or to mend: it becomes a 502, and the upstream's words about the key stay in the log.
 */
export async function upstreamError(reply: ForwardReply): Promise<ApiError> {
  const text = await readText(reply.body);
  if (reply.status === 401 || reply.status === 403) {
    return new ApiError({
      status: 502,
      type: "server_error",
      code: "upstream_authentication_failed",
      message: "The upstream refused this server's credentials.",
      headers: { "x-should-retry": "false" },
      cause: new Error(`the upstream answered ${reply.status}`),
    });
  }
  const inner = envelope(text);
  const status = reply.status >= 400 && reply.status <= 599 ? reply.status : 502;
  return new ApiError({
    status,
    quoted: inner !== null,
    type: stringOr(inner?.type, status >= 500 ? "server_error" : "invalid_request_error"),
    message: stringOr(inner?.message, `The upstream answered with status ${reply.status}.`),
    param: typeof inner?.param === "string" ? inner.param : null,
    code: inner?.code === undefined || inner.code === null ? null : String(inner.code),
    headers: Object.fromEntries(
      PASSED_HEADERS.flatMap((name) => (reply.headers[name] === undefined ? [] : [[name, reply.headers[name]]])),
    ),
  });
}

interface LooseEnvelope {
  message?: unknown;
  type?: unknown;
  param?: unknown;
  code?: unknown;
}

/** `{error: {…}}`, or what look-alikes send: `{error: "text"}`, `{message, …}`, `{detail: "text"}`. */
function envelope(text: string): LooseEnvelope | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { error, detail } = body as { error?: unknown; detail?: unknown };
  if (typeof error === "object" && error !== null) return error;
  if (typeof error === "string") return { message: error };
  if (typeof detail === "string") return { message: detail };
  return body;
}

async function readText(body: ForwardReply["body"]): Promise<string> {
  if (!isByteStream(body)) return new TextDecoder().decode(body.subarray(0, MAX_ERROR_BYTES));
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ERROR_BYTES) break;
  }
  return text;
}

function stringOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value.slice(0, 4096) : fallback;
}
