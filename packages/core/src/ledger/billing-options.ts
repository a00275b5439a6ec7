import type { SpendAlert } from "./budget.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { ModelPrice } from "./model-price.ts";
import type { PriceBook } from "./price-book.ts";
import type { MeteredUsage } from "./usage.ts";

/**
 * What a call is taken to have consumed when nobody knows: `reserved`, all that was held for it; `nothing`; or what a function finds
 * out, of the upstream's own records for instance, where the call has the id that `x-client-request-id` told it.
 */
export type WhenUnknown =
  | "reserved"
  | "nothing"
  | ((entry: LedgerEntry) => Readonly<MeteredUsage> | null | Promise<Readonly<MeteredUsage> | null>);

export interface BillingOptions {
  /** Prices by model, in US dollars: looked for under the model's id, its snapshot and its engine's own id; `"*"` is for all others. */
  prices?: Readonly<Record<string, ModelPrice>>;
  /** Prices of models that `prices` does not have: `genaiPrices()` of `@outlet/prices`. Default: none, and such models cost nothing. */
  priceBook?: PriceBook;
  /**
   * Output tokens that a call is taken to come to where neither the request nor the model's `max_output_tokens` says less. A call that comes
   * to more may spend more than its budgets have left. Default: 4,096.
   */
  assumedOutputTokens?: number;
  /**
   * For calls whose process has died, and for calls whose client left before an upstream had told anything of what it consumed.
   * Default: `reserved`.
   */
  whenUnknown?: WhenUnknown;
  /**
   * `before`: a call is entered in the ledger, and its budgets have room for it, before its model is asked. `behind`: it is entered while
   * its model is asked already, which takes the ledger's time off the call's. A crash may then lose the entries of the last
   * moments, and a budget is found to be used up only after the calls of that moment have been made. Default: `before`.
   */
  writes?: "before" | "behind";
  /** Told once in each period when a budget's spending passes an amount of its `alerts`. What it throws is logged. */
  onSpendAlert?: (alert: SpendAlert) => void;
}
