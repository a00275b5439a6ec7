import type { Call } from "../call.ts";
import { isAnnounced } from "./lifecycle.ts";
import type { ResolvedModel } from "./registry.ts";

/**
 * What answers a call for the model it names. The call's record learns the id, the snapshot that it stands for, and
 * whether that one is about to go.
 * @throws ApiError 404 `model_not_found`
 */
export function resolveModel(
  { services, principal, receipt }: Pick<Call, "services" | "principal" | "receipt">,
  id: string,
): ResolvedModel {
  receipt.model = id;
  const target = services.models.resolve(id, principal);
  receipt.snapshot = target.snapshot;
  if (isAnnounced(target.lifecycle, Date.now())) receipt.deprecation = target.lifecycle;
  return target;
}
