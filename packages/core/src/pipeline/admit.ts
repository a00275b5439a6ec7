import type { Call, Services } from "../call.ts";
import type { Admission } from "../ledger/accounts.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { Operation } from "../operation.ts";

/**
 * Lets a call in before anything is asked of a model, and enters it in the ledger. Whatever else bounds a caller by what a request
 * may come to belongs here, beside it. `null` for operations that ask no model, and where nobody keeps a ledger.
 * @throws ApiError 429 `insufficient_quota`; 503 when the ledger cannot be reached
 */
export function admit(
  call: Pick<Call, "services" | "principal" | "body" | "context">,
  { id: operation, spends }: Pick<Operation, "id" | "spends">,
): Promise<Admission> | null {
  const { services, principal, body, context } = call;
  if (!services.accounts || !spends) return null;
  const spending = spends(body);
  const target = targetOf(services, spending.model, call);
  return services.accounts.admit({ id: context.requestId, operation, principal, spending, target });
}

/** `null` where no model of the name is mounted: the operation knows another, or how to say so. */
function targetOf({ models }: Services, model: string, { principal }: Pick<Call, "principal">): ResolvedModel | null {
  try {
    return models.resolve(model, principal);
  } catch {
    return null;
  }
}
