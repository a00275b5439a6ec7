import type { ModelCall } from "../call.ts";
import type { ModerationCategory, ModerationResult } from "../resources/moderations/moderations.types.ts";
import type { Flagged, FlaggedCall, PolicyOptions } from "./policy.options.ts";
import type { Strikes } from "./strikes.ts";

/** Tells of what was flagged of a call, once for each side of it, and counts it against its key, once at all. Does not reject. */
export type Report = (
  call: ModelCall,
  request: unknown,
  what: Pick<Flagged, "side" | "action">,
  results: readonly ModerationResult[],
) => Promise<void>;

/** Who judges may be anybody: what is written into a header and records has bounds. */
const CATEGORY = /^[\w/-]{1,64}$/;
const MOST_CATEGORIES = 32;
const LONGEST_IDENTIFIER = 512;

export function createReport(onFlagged: PolicyOptions["onFlagged"], strikes: Strikes | null): Report {
  return async (call, request, { side, action }, results) => {
    const { context, operation, principal, receipt, services } = call;
    if (receipt.flagged.some((flagged) => flagged.side === side)) return;
    const categories = [...new Set(results.flatMap(flaggedIn))].slice(0, MOST_CATEGORIES);
    const counts = action !== "log" && receipt.flagged.every((flagged) => flagged.action === "log");
    receipt.flagged = [...receipt.flagged, { side, action, categories }];
    const { requestId } = context;
    services.logger.warn({ requestId, operation: operation.id, categories, action }, `${side} was flagged`);
    const safetyIdentifier = safetyIdentifierIn(request);
    const told: FlaggedCall = {
      requestId,
      operationId: operation.id,
      principal,
      safetyIdentifier,
      side,
      action,
      categories,
    };
    try {
      onFlagged?.(told);
    } catch (err) {
      services.logger.error({ requestId, err }, "policy.onFlagged threw");
    }
    if (counts) await strikes?.add(call, told);
  };
}

function flaggedIn({
  categories = {},
}: {
  categories?: Partial<ModerationResult["categories"]>;
}): ModerationCategory[] {
  return (Object.keys(categories) as ModerationCategory[]).filter((name) => categories[name] && CATEGORY.test(name));
}

function safetyIdentifierIn(request: unknown): string | null {
  const { safety_identifier, user } = (request ?? {}) as { safety_identifier?: unknown; user?: unknown };
  const said = safety_identifier ?? user;
  return typeof said === "string" ? said.slice(0, LONGEST_IDENTIFIER) : null;
}
