import type { Principal } from "../../../access/principal.ts";
import type { Call } from "../../../call.ts";
import { modelContext } from "../responses.context.ts";
import { type Draft, isTriggered, readBefore } from "../responses.draft.ts";
import type { StoredResponse } from "../responses.state.ts";

/** What a job knows of whoever asked for the response. */
export interface BackgroundPayload {
  readonly principal: Principal;
  /** `x-request-id` of the reply that told of the response. */
  readonly requestId: string;
  /** What was taken from the caller's rate limits for it. */
  readonly heldTokens?: number;
}

/** A response that waits for its turn, as it is kept, and how long it is kept when it is over. */
export function pendingOf({ response, input, chain, request }: Draft, keptFor: number | null): StoredResponse {
  // The items of the input stand beside it; of the input itself only its kind is asked for again, and what it commands.
  const trigger = [{ type: "compaction_trigger" as const }];
  const kind = typeof request.input === "string" ? "" : isTriggered(request) ? trigger : [];
  return {
    response,
    input,
    chain,
    request: { ...request, input: kind },
    keptFor,
    ...(request.stream && { streamed: request.include ?? [] }),
  };
}

/** Whether work is still to be done on it. */
export function isPending(
  stored: StoredResponse,
): stored is StoredResponse & Required<Pick<StoredResponse, "request">> {
  const { status } = stored.response;
  return status === "queued" || status === "in_progress";
}

/**
 * The draft that was kept, on top of what was said before it by now.
 * @throws ApiError 400 or 404 when what it goes on from is gone
 */
export async function draftAgain(
  call: Pick<Call, "principal" | "services">,
  { response, input, request }: StoredResponse & Required<Pick<StoredResponse, "request">>,
): Promise<Draft> {
  const former = await readBefore(call, request);
  const context = await modelContext(call, former.before, input);
  return { ...former, request, input, response: { ...response }, context };
}
