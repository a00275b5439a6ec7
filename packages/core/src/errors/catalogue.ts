import { McpUnreachable } from "../mcp/mcp-connector.ts";
import { ApiError, type ApiErrorInit } from "./api-error.ts";

const invalid = (
  status: number,
  message: string,
  more: Pick<ApiErrorInit, "param" | "code" | "headers"> = {},
): ApiError => new ApiError({ status, type: "invalid_request_error", message, ...more });

/** 400: a value that the reference does not allow, named by its path. */
export function invalidRequest(message: string, param: string | null = null, code: string | null = null): ApiError {
  return invalid(400, message, { param, code });
}

export function missingParameter(param: string): ApiError {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");
}

export function unknownParameter(param: string): ApiError {
  return invalidRequest(`Unknown parameter: '${param}'.`, param, "unknown_parameter");
}

/** 400: a documented parameter that the model behind this id cannot honour. */
export function unsupportedParameter(param: string, model: string, hint = ""): ApiError {
  const message = `Unsupported parameter: '${param}' is not supported with the model \`${model}\`.${hint && ` ${hint}`}`;
  return invalidRequest(message, param, "unsupported_parameter");
}

/** 400: a documented parameter for which this server has nothing. */
export function unsupportedHere(param: string): ApiError {
  return invalidRequest(
    `Unsupported parameter: '${param}' is not supported by this server.`,
    param,
    "unsupported_parameter",
  );
}

export function missingKey(): ApiError {
  return invalid(401, "Missing bearer or basic authentication in header");
}

/** The key is shown by its ends only, and only when it is long enough for that to hide something. */
export function incorrectKey(key: string): ApiError {
  const printable = /^[\x21-\x7e]{16,512}$/.test(key);
  const shown = printable ? `${key.slice(0, 3)}${"*".repeat(8)}${key.slice(-4)}` : "****";
  return invalid(401, `Incorrect API key provided: ${shown}.`, { code: "invalid_api_key" });
}

export function unknownUrl(method: string, path: string): ApiError {
  return invalid(404, `Invalid URL (${method.slice(0, 32)} ${path.slice(0, 256)})`, { code: "unknown_url" });
}

export function methodNotAllowed(allowed: readonly string[]): ApiError {
  return invalid(405, `Only ${allowed.join(" and ")} requests are accepted.`, {
    code: "method_not_supported",
    headers: { allow: allowed.join(", ") },
  });
}

export function modelNotFound(model: string): ApiError {
  return invalid(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
    param: "model",
    code: "model_not_found",
  });
}

/** 404: the model has had its day. */
export function modelRetired(model: string, day: string, successor: string | null): ApiError {
  const instead = successor === null ? "" : ` Use \`${successor}\` instead.`;
  return invalid(404, `The model \`${model}\` was shut down on ${day}.${instead}`, {
    param: "model",
    code: "model_not_found",
  });
}

/** 400: more tokens than the model can read and write at once. */
export function contextLengthExceeded(window: number, param: string, prompt: number, output: number): ApiError {
  const asked =
    output === 0
      ? `your ${param} resulted in ${prompt} tokens. Please reduce the length of the ${param}.`
      : `you requested ${prompt + output} tokens (${prompt} in the ${param}, ${output} in the completion). Please reduce the length of the ${param} or completion.`;
  const message = `This model's maximum context length is ${window} tokens. However, ${asked}`;
  return invalidRequest(message, param, "context_length_exceeded");
}

/** 400: what a client keeps for the server was changed, or is not for this caller. It is shown by its ends only. */
export function invalidEncryptedContent(content: string): ApiError {
  const shown = `${content.slice(0, 4)}...${content.slice(-4)}`;
  const reason = "Encrypted content could not be decrypted or parsed.";
  const message = `The encrypted content ${shown} could not be verified. Reason: ${reason}`;
  return invalidRequest(message, null, "invalid_encrypted_content");
}

/** 400: a longer answer than the model can give. */
export function tooManyOutputTokens(param: string, tokens: number, most: number): ApiError {
  const message = `${param} is too large: ${tokens}. This model supports at most ${most} completion tokens, whereas you provided ${tokens}.`;
  return invalidRequest(message, param, "invalid_value");
}

/** 403: the caller is known, and may not do this. */
export function notPermitted(message: string, param: string | null = null): ApiError {
  return invalid(403, message, { param, code: "insufficient_permissions" });
}

/** 404: nothing moderates here. Says what to configure, since nobody but the host can see to it. */
export function noModeration(model: string): ApiError {
  const remedy =
    "This server moderates once `models` has an engine that does under this id, or `moderation` names a model that judges.";
  return invalid(404, `${modelNotFound(model.slice(0, 256)).message} ${remedy}`, {
    param: "model",
    code: "model_not_found",
  });
}

/** 404: the id exists, but what answers for it has no such ability. */
export function modelCannot(model: string, path: string): ApiError {
  return invalid(404, `The model \`${model}\` is not supported in the v1${path} endpoint.`, { param: "model" });
}

export function requestAborted(): ApiError {
  return invalid(499, "The client closed the request.", { code: "request_aborted" });
}

export function bodyTooLarge(limit: number): ApiError {
  return invalid(413, `The request body exceeds the maximum size of ${limit} bytes.`, { code: "request_too_large" });
}

export function unsupportedContentType(got: string, expected: string): ApiError {
  const shown = got.slice(0, 100) || "none";
  return invalid(415, `Unsupported content type: '${shown}'. Expected '${expected}'.`, {
    code: "unsupported_content_type",
  });
}

export function unsupportedContentEncoding(got: string): ApiError {
  return invalid(415, `Unsupported content encoding: '${got.slice(0, 100)}'. Send the body uncompressed.`, {
    code: "unsupported_content_encoding",
  });
}

const NOT_JSON = "It is not valid JSON; check for a trailing comma, a missing quote or a truncated body.";

/** 400: the bytes are not the JSON document they claim to be. */
export function malformedJson(detail = NOT_JSON): ApiError {
  return invalidRequest(`We could not parse the JSON body of your request. ${detail}`);
}

/** 500: what went wrong is the host's to know; the cause is logged, never sent. */
export function serverError(cause?: unknown): ApiError {
  return new ApiError({
    status: 500,
    type: "server_error",
    message: "The server had an error while processing your request. Sorry about that!",
    cause,
  });
}

/** 500: what was to be done outlived every process that began it. */
export function cutShort(): ApiError {
  const message = "Every attempt at this was cut short: the server stopped while it was at work.";
  return new ApiError({ status: 500, type: "server_error", message });
}

/** 500: an answer that clients have seen a part of, and that nobody can go on with. */
export function streamCutShort(): ApiError {
  const message = "This was cut short after a part of it had been streamed: the server stopped while it was at work.";
  return new ApiError({ status: 500, type: "server_error", message });
}

/** 502: the engine broke its promise: garbage, a reset, an end without an ending. */
export function engineFailed(message: string, cause?: unknown): ApiError {
  return new ApiError({ status: 502, type: "server_error", code: "engine_error", message, cause });
}

/** 504: the engine did not answer within its deadline. */
export function engineTimeout(message: string, cause?: unknown): ApiError {
  return new ApiError({ status: 504, type: "server_error", code: "engine_timeout", message, cause });
}

/** 503: the database does not answer; what it was asked to remember was not done. */
export function storeUnavailable(cause: unknown): ApiError {
  return unavailable("The server cannot reach its database right now. Try again.", 1, cause);
}

/** 503: a call that cannot be accounted for is not made. */
export function ledgerUnavailable(cause: unknown): ApiError {
  return unavailable("The server cannot account for the request right now. Try again.", 1, cause);
}

/** 404: nobody but the host can keep a ledger, so it is told how. */
export function noLedger(): ApiError {
  const message =
    "This server keeps no record of usage. Its host turns it on with the `ledger` option: createOutlet({ ledger: createMemoryLedger() }).";
  return invalid(404, message, { code: "no_ledger" });
}

/** 404: calls of this organization or project are held against no limit. */
export function noSpendLimit(kind: "organization" | "project"): ApiError {
  return invalid(404, `This ${kind} has no spend limit.`);
}

/** 429: nothing is left to pay for the call with. Trying again does not help, and official clients are told so. */
export function quotaExceeded(): ApiError {
  return new ApiError({
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "Your current quota does not cover this request. Check your plan, your credit and your spend limits.",
    headers: { "x-should-retry": "false" },
  });
}

export function responseNotFound(id: string): ApiError {
  return invalid(404, `Response with id '${id.slice(0, 256)}' not found.`);
}

/** 404: an item that a request points at. */
export function itemNotFound(id: string): ApiError {
  return invalid(404, `Item with id '${id.slice(0, 256)}' not found.`, { param: "input" });
}

/** 404: no such object, or none that this caller may know of. */
export function objectNotFound(kind: string, id: string, param: string | null = null): ApiError {
  return invalid(404, `${kind} with id '${id.slice(0, 256)}' not found.`, { param });
}

/** 424: a remote server that the client named could not be asked for its tools. */
export function mcpServerFailed(label: string, cause: unknown): ApiError {
  const why = cause instanceof McpUnreachable ? cause.message : "The server could not be reached.";
  return new ApiError({
    status: 424,
    type: "external_connector_error",
    code: "http_error",
    param: "tools",
    message: `Error retrieving tool list from MCP server: '${label}'. ${why}`,
    cause,
  });
}

/** 429: as much waits to be made in the background as may. */
export function tooManyPending(most: number): ApiError {
  return new ApiError({
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    param: "background",
    message: `Rate limit reached for background responses: ${most} are queued or in progress. Try again when some of them are over.`,
  });
}

export function unavailable(message: string, retryAfterSeconds = 1, cause?: unknown): ApiError {
  return new ApiError({
    cause,
    status: 503,
    type: "service_unavailable_error",
    code: "server_is_overloaded",
    message,
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}
