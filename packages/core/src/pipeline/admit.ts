import { type Awaitable, isPromise } from "../awaitable.ts";
import type { Call, Services } from "../call.ts";
import type { Admission } from "../ledger/accounts.ts";
import type { Spending } from "../ledger/estimate.ts";
import type { Drawn } from "../limits/rate-limits.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { Operation } from "../operation.ts";
import type { Progress } from "./settle.ts";

/**
 * Lets a call in before anything is asked of a model: takes what it may come to from its rate limits, and enters it in the ledger. What else
 * bounds a caller by what a request may come to belongs here, beside them. `null` where nobody keeps a ledger.
 * @throws ApiError 429 `rate_limit_exceeded`, `insufficient_quota`; 503 when a limiter that must be asked, or the ledger, cannot be reached
 */
export function admit(
  call: Call,
  spends: NonNullable<Operation["spends"]>,
  progress: Progress,
): Awaitable<Admission | null> {
  const { services, principal, ownLimits: own, seat, body } = call;
  const judging = services.policy?.judging(call, body);
  const spending = judging ? { ...spends(body), judging } : spends(body);
  const target = seat ? seat.target : targetOf(services, spending.model, principal);
  if (!services.limits) return enter(call, spending, target);
  const throttle = services.policy?.strikes?.throttleOf(principal) ?? null;
  if (throttle) progress.receipt.standing = "throttled";
  // What is reserved is bounded by its places, and a throttled key by its own limits wherever it asks.
  if (seat && !throttle) return enter(call, spending, target);
  const drawn = services.limits.admit({ principal, own, throttle, reserved: Boolean(seat), spending, target });
  if (isPromise(drawn)) {
    return drawn.then((taken) => {
      hold(progress, taken);
      return enter(call, spending, target);
    });
  }
  hold(progress, drawn);
  return enter(call, spending, target);
}

function hold(progress: Progress, drawn: Drawn | null): void {
  if (!drawn) return;
  progress.drawn = drawn;
  progress.receipt.heldTokens = drawn.tokens;
}

function enter(
  { services, principal, context, operation }: Call,
  spending: Spending,
  target: ResolvedModel | null,
): Promise<Admission> | null {
  const asking = { id: context.requestId, operation: operation.id, principal, spending, target };
  return services.accounts?.admit(asking) ?? null;
}

/** `null` where no model of the name is mounted: the operation knows another, or how to say so. */
function targetOf({ models }: Services, model: string, principal: Call["principal"]): ResolvedModel | null {
  try {
    return models.resolve(model, principal);
  } catch {
    return null;
  }
}
