import type { Call } from "../call.ts";
import { tierOf } from "../instances/tier.ts";
import type { Operation } from "../operation.ts";
import type { Progress } from "./settle.ts";

/**
 * Waits for the call's place at the instance that its project has reserved, if it has. Work that is only ordered has its place when it is done.
 * @throws ApiError 429 `resource_unavailable`
 */
export async function takeSeat(
  call: Call,
  spends: NonNullable<Operation["spends"]>,
  progress: Progress,
): Promise<void> {
  const { services, principal, body, exchange } = call;
  const { model, deferred } = spends(body);
  if (!services.instances || deferred) return;
  const { cancellation } = exchange;
  const seat = await services.instances.enter({ principal, model, tier: tierOf(body), cancellation, patient: false });
  progress.seat = seat;
  call.seat = seat;
}
