import type { Caller } from "@outlet/core";

/** What the kit's route of the host's own is metered as. */
export const OWN_ROUTE = "kit-route";

/** Requests that a project may send it in a minute. */
export const OWN_ROUTE_LIMIT = 2;

/**
 * What a cell's own route does with a request that its guard has let in: says what it has used, and gives the JSON that it answers with a 200.
 */
export function answerOwnRoute({ principal, requestId, used }: Caller): { caller: string; request: string } {
  used({ output_tokens: 5 });
  return { caller: principal.id, request: requestId };
}
