import type { Call } from "../call.ts";
import { isAnnounced } from "./lifecycle.ts";
import type { ResolvedModel } from "./registry.ts";

/**
 * What answers a call for the model it names. The call's record learns the id, the snapshot that it stands for, and
 * whether that one is about to go.
 * @throws ApiError 404 `model_not_found`, 403 where the caller's project may not use it
 */
export function resolveModel(
  {
    services,
    principal,
    modelAccess,
    seat,
    receipt,
  }: Pick<Call, "services" | "principal" | "modelAccess" | "seat" | "receipt">,
  id: string,
): ResolvedModel {
  receipt.model = id;
  const target = seat?.target.id === id ? seat.target : services.models.resolve(id, principal);
  modelAccess?.require(id, target.snapshot);
  receipt.snapshot = target.snapshot;
  receipt.instance = target.instance;
  if (isAnnounced(target.lifecycle, Date.now())) receipt.deprecation = target.lifecycle;
  return target;
}
