import { type ApiError, engineFailed, engineTimeout } from "@outlet/core";

/** Failures of a connection before any reply, after which the same request may well succeed. */
const RETRYABLE = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
]);

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(codeOf(error));
}

/** What a client may know of a failure on the wire. Host names, addresses and the like stay in the cause. */
export function transportError(error: unknown, replyBegan: boolean): ApiError | Error {
  const code = codeOf(error);
  switch (code) {
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return engineTimeout("The upstream could not be reached in time.", error);
    case "UND_ERR_HEADERS_TIMEOUT":
      return engineTimeout("The upstream did not answer in time.", error);
    case "UND_ERR_BODY_TIMEOUT":
      return engineTimeout("The upstream fell silent in the middle of its reply.", error);
    case "UND_ERR_INVALID_ARG":
      // A request that cannot be written is a fault on this side, and stays an opaque 500.
      return error as Error;
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW" || (error as Error | null)?.name === "HTTPParserError") {
    // Without the parser's copy of what it was reading: a cause is logged, and an answer must not be.
    return engineFailed("The upstream's reply is not valid HTTP.", new Error((error as Error).message));
  }
  if (replyBegan) return engineFailed("The upstream broke off in the middle of its reply.", error);
  return engineFailed("The upstream could not be reached, or closed the connection without a reply.", error);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
