import type { Receipt } from "../call.ts";
import type { WhenUnknown } from "./billing-options.ts";
import { costOf } from "./cost.ts";
import type { LedgerEntry, Settlement } from "./ledger.ts";
import type { Rates } from "./model-price.ts";
import { boundedUsage, type MeteredUsage, NO_USAGE } from "./usage.ts";

/** How a call went, as the pipeline knows it. */
export interface CallEnding {
  readonly status: number;
  readonly outcome: Exclude<Settlement["outcome"], "recovered">;
}

/** Nothing was done, so that not even the price of a request is due. Known by being this very object. */
const NOTHING_DONE: Readonly<MeteredUsage> = Object.freeze({ ...NO_USAGE });

/**
 * What a call that has ended consumed. What an engine reports is charged whatever became of the call; what core has counted itself is
 * charged unless the client was answered with an error. A stream that was left, or that broke, is charged for what was made until then.
 * `null`: no model was asked. `unknown`: one was, the client has left, and nobody has told.
 */
export function consumedBy(receipt: Receipt, { status, outcome }: CallEnding): MeteredUsage | "unknown" | null {
  const { asked, usage } = receipt;
  if (!asked && !usage) return null;
  if (asked && usage && outcome === "cancelled" && isNothingTold(usage)) return "unknown";
  if (usage && (!usage.estimated || outcome !== "failed" || status < 400)) return usage;
  return outcome === "cancelled" ? "unknown" : NOTHING_DONE;
}

/** The prompt was counted here, and no answer came. */
function isNothingTold({ estimated, output_tokens }: MeteredUsage): boolean {
  return estimated && output_tokens === 0;
}

/** What a call is taken to have consumed when nobody knows. */
export async function assumedOf(entry: LedgerEntry, whenUnknown: WhenUnknown): Promise<Readonly<MeteredUsage>> {
  if (typeof whenUnknown === "function") return (await whenUnknown(entry)) ?? NOTHING_DONE;
  return whenUnknown === "reserved" ? entry.estimate : NOTHING_DONE;
}

export function settlementOf(
  entry: LedgerEntry,
  rates: Rates | null,
  consumed: Readonly<MeteredUsage>,
  outcome: Settlement["outcome"],
): Settlement {
  const usage = boundedUsage(consumed);
  // What was held was priced when it was; what was not done has no price a request either.
  const cost = rates === null || consumed === NOTHING_DONE ? 0 : costOf(usage, rates, entry);
  return {
    settledAt: Date.now(),
    outcome,
    model: entry.model,
    usage,
    cost: consumed === entry.estimate ? entry.reserved : cost,
  };
}
