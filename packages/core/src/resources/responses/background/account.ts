import type { ModelCall, Receipt } from "../../../call.ts";
import { toApiError } from "../../../errors/to-api-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { Admission } from "../../../ledger/accounts.ts";
import type { Drawing } from "../../../limits/rate-limits.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { addJudging, outcomeOf } from "../../../pipeline/settle.ts";
import type { Draft } from "../responses.draft.ts";
import { responseSpending } from "../responses.spending.ts";
import type { BackgroundPayload } from "./pending.ts";

/** Enters an attempt at a response in the ledger and its rate limits, as a request would be: once for each time that its model is asked. */
export function accountFor(
  { services, context, principal, ownLimits, operation, receipt }: ModelCall,
  { attempt, payload }: Job,
) {
  const { accounts, limits } = services;
  const { heldTokens = 0 } = payload as BackgroundPayload;
  let admission: Admission | null = null;
  let drawing: Drawing | null = null;
  return {
    /** @throws ApiError 429 `insufficient_quota` when a budget has no room for it; 503 when the ledger cannot be reached */
    async admit(draft: Draft, target: ResolvedModel): Promise<void> {
      if (!accounts && !limits) return;
      const judging = services.policy?.judging({ operation, principal }, draft.request);
      // What was sent was judged when it was ordered.
      const work = responseSpending(draft.request, draft.context);
      const spending = judging ? { ...work, judging: { ...judging, input: false } } : work;
      drawing = { principal, own: ownLimits, spending, target };
      if (!accounts) return;
      admission = await accounts.admit({ id: context.requestId, operation: operation.id, principal, spending, target });
    },
    settle(): void {
      addJudging(receipt);
      // What it may come to was taken from its rate limits when it was ordered.
      if (limits && drawing) limits.settleDeferred(drawing, receipt.usage, attempt === 1 ? heldTokens : 0);
      if (!accounts || !admission) return;
      const { signal } = context;
      const ending = { status: statusOf(receipt, signal), outcome: outcomeOf(receipt, signal.aborted) };
      receipt.cost = accounts.settle(admission, receipt, ending);
    },
  };
}

export function statusOf({ error }: Receipt, signal: AbortSignal): number {
  return error === undefined ? 200 : toApiError(error, signal).status;
}
