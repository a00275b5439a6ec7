import { ApiError } from "./api-error.ts";
import { requestAborted, serverError } from "./catalogue.ts";

/** What a client may know of anything that was thrown: an `ApiError` as it is, all else as an opaque 500. */
export function toApiError(error: unknown, { aborted }: { readonly aborted: boolean }): ApiError {
  if (error instanceof ApiError) return isErrorStatus(error.status) ? error : serverError(error);
  return aborted ? requestAborted() : serverError(error);
}

/** What no server can write, or clients would take for a success, is the host's mistake. */
function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
