import { ApiError } from "@outlet/core";
import type { ErrorReply } from "../script/rule.types.ts";

type Usual = Required<Pick<ErrorReply, "type" | "message">> & { code: string | null };

const invalid = (code: string | null, message: string): Usual => ({ type: "invalid_request_error", code, message });

/** What the service says with a status, where a script does not say otherwise. */
const USUAL: Readonly<Record<number, Usual>> = {
  400: invalid(null, "The request is not valid."),
  401: invalid("invalid_api_key", "Incorrect API key provided: ****."),
  403: invalid(null, "You are not allowed to do this."),
  404: invalid("model_not_found", "The model does not exist or you do not have access to it."),
  408: invalid(null, "The request took too long."),
  409: invalid("conflict", "The resource was changed by another request."),
  413: invalid("request_too_large", "The request body is too large."),
  422: invalid(null, "The request could not be processed."),
  429: { type: "requests", code: "rate_limit_exceeded", message: "Rate limit reached. Please try again later." },
  503: { type: "service_unavailable_error", code: "server_is_overloaded", message: "The server is overloaded." },
};
const SERVER_ERROR: Usual = { type: "server_error", code: null, message: "The server had an error." };

export function scriptedError(error: number | ErrorReply): ApiError {
  const {
    status = 500,
    headers = {},
    param = null,
    ...said
  }: ErrorReply = typeof error === "number" ? { status: error } : error;
  const usual =
    USUAL[status] ?? (status < 500 ? invalid(null, `The request failed with status ${status}.`) : SERVER_ERROR);
  return new ApiError({
    status,
    param,
    type: said.type ?? usual.type,
    code: said.code === undefined ? usual.code : said.code,
    message: said.message ?? usual.message,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  });
}

/** Thrown where a script cuts the connection. Where the server knows how, nobody ever sees it. */
export const CONNECTION_CUT = "connection_cut";

export function connectionCut(): ApiError {
  return new ApiError({
    status: 502,
    type: "mock_error",
    code: CONNECTION_CUT,
    message: "The mock cut the connection here.",
  });
}
