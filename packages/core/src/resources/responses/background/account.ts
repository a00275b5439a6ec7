import type { ModelCall, Receipt } from "../../../call.ts";
import { toApiError } from "../../../errors/to-api-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { Admission } from "../../../ledger/accounts.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { outcomeOf } from "../../../pipeline/settle.ts";
import type { Draft } from "../responses.draft.ts";
import { responseSpending } from "../responses.spending.ts";

/** Enters an attempt at a response in the ledger, as a request would be: one entry for each time that its model is asked. */
export function accountFor({ services, context, principal, operation, receipt }: ModelCall, { attempt }: Job) {
  const { accounts } = services;
  let admission: Admission | null = null;
  return {
    /** @throws ApiError 429 `insufficient_quota` when a budget has no room for it; 503 when the ledger cannot be reached */
    async admit(draft: Draft, target: ResolvedModel): Promise<void> {
      if (!accounts) return;
      const spending = responseSpending(draft.request, draft.context);
      const id = `${context.requestId}.${attempt}`;
      admission = await accounts.admit({ id, operation: operation.id, principal, spending, target });
    },
    settle(): void {
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
