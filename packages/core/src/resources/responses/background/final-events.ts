import type { Batch } from "../../../engine/pieces.ts";
import type { Includable } from "../../../items/include.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { responseWith } from "../responses.object.ts";
import type { ResponseObject } from "../responses.types.ts";

/**
 * The events that end the stream of a response that is over, in every stream of it the same. The API has no event for one that was
 * cancelled, and official clients throw at types that they do not know: it ends as incomplete, with the status in the response.
 */
export function finalEvents(response: ResponseObject, include: readonly Includable[]): Batch<ResponseEvent> {
  const { status, error } = response;
  const shown = responseWith(response, include);
  if (status === "completed") return [{ type: "response.completed", response: shown }];
  if (status !== "failed") return [{ type: "response.incomplete", response: shown }];
  const { code = "server_error", message = "" } = error ?? {};
  return [
    { type: "error", code, message, param: null },
    { type: "response.failed", response: shown },
  ];
}
