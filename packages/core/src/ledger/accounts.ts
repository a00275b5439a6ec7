import type { Principal } from "../access/principal.ts";
import type { Receipt } from "../call.ts";
import type { Logger } from "../engine/engine.ts";
import { ledgerUnavailable, quotaExceeded } from "../errors/catalogue.ts";
import { unrefed } from "../jobs/timer.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { Priced } from "../observe/explanation.ts";
import type { BillingOptions } from "./billing-options.ts";
import { costOf } from "./cost.ts";
import { estimateOf, type Spending } from "./estimate.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { createLedgerWriter } from "./ledger-writer.ts";
import type { Rates } from "./model-price.ts";
import type { Nanodollars } from "./money.ts";
import { createPrices } from "./price-book.ts";
import { assumedOf, type CallEnding, consumedBy, settlementOf } from "./settlement.ts";

/** A call that was let in, until it is settled. */
export interface Admission {
  readonly entry: LedgerEntry;
  readonly names: readonly string[];
  readonly rates: Rates | null;
  /** Whether the entry is open; a promise where nobody waits for that. */
  readonly opened: true | Promise<boolean>;
}

export interface Asking {
  /** Unique among all calls. */
  readonly id: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly spending: Spending;
  /** What answers, where that is known before it is asked. */
  readonly target: ResolvedModel | null;
}

/** What calls cost, and who may still make them. */
export interface Accounts {
  readonly ledger: Ledger;
  /**
   * Enters a call before its model is asked.
   * @throws ApiError 429 `insufficient_quota` when a budget has no room for it; 503 when the ledger cannot be reached
   */
  admit(asking: Asking): Promise<Admission>;
  /** Settles a call that has ended, in the background, and gives what it cost, where that is known now. Never throws. */
  settle(admission: Admission, receipt: Receipt, ending: CallEnding): Nanodollars | null;
  /** As its own calls have shown. */
  health(): { readonly failing: boolean; readonly unsettled: number };
  /** The price, today, of the first of these names that has one. */
  ratesOf(names: readonly string[]): Rates | null;
  /** Begins to settle what processes that have died left open. */
  start(): void;
  /** Waits for what is being written, and closes the ledger. */
  close(): Promise<void>;
}

const DEFAULT_OUTPUT_TOKENS = 4_096;
const RECOVER_MS = 5_000;
const RECOVERED_AT_ONCE = 100;
/** Under `"*"`, a client may write anything for a model. */
const MAX_NAME = 256;
/** How long a caller who has spent all is asked about before their calls, where all others are entered behind theirs. */
const SPENT_MS = 1_000;
const MAX_SPENT = 10_000;
const MAX_UNPRICED = 1_000;

/** @param home finds the organization that callers without one belong to; absent where they belong to none */
export function createAccounts(
  ledger: Ledger,
  billing: BillingOptions,
  logger: Logger,
  home?: () => Promise<string>,
): Accounts {
  const { assumedOutputTokens = DEFAULT_OUTPUT_TOKENS, whenUnknown = "reserved", writes = "before" } = billing;
  if (ledger.specificationVersion !== "v1") {
    throw new TypeError('ledger is not a ledger: expected specificationVersion "v1"');
  }
  if (!(Number.isSafeInteger(assumedOutputTokens) && assumedOutputTokens >= 0)) {
    throw new TypeError("billing.assumedOutputTokens must be a whole number of tokens");
  }
  const prices = createPrices(billing.prices ?? {}, billing.priceBook);
  const writer = createLedgerWriter(ledger, logger, billing.onSpendAlert);
  /** Until when, by key. */
  const spent = new Map<string, number>();
  const unpriced = new Set<string>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let recovering: Promise<void> | null = null;
  let organization: string | null = null;
  let failing = false;

  function entryOf({ id, operation, principal, spending, target }: Asking, rates: Rates | null): LedgerEntry {
    const estimate = estimateOf(spending, target, assumedOutputTokens);
    return {
      id,
      openedAt: Date.now(),
      operation,
      kind: spending.kind,
      model: (target?.snapshot ?? spending.model).slice(0, MAX_NAME),
      organization: principal.organization || organization,
      project: principal.project || null,
      apiKey: principal.apiKey ?? principal.id,
      user: principal.user ?? principal.serviceAccount ?? null,
      batch: false,
      estimate,
      reserved: rates ? costOf(estimate, rates) : 0,
    };
  }

  function enter(asking: Asking): Promise<Admission> {
    const { spending, target } = asking;
    const names = target ? [target.id, target.snapshot, target.engineModel] : [spending.model];
    // An instance is paid by time.
    const rates = target?.instance ? null : prices.find(names, Date.now());
    const entry = entryOf(asking, rates);
    // What no model goes by is the client's word, and nothing that a price is missing for.
    if (!rates && target && !target.instance) sayUnpriced(entry.model);
    if (writes === "behind" && !hasSpent(entry.apiKey)) {
      return Promise.resolve({ entry, names, rates, opened: openBehind(entry) });
    }
    return openBefore({ entry, names, rates, opened: true });
  }

  /** With no more promises than the ledger's own: each costs every call. */
  function openBefore(admission: Admission): Promise<Admission> {
    const { entry } = admission;
    return ledger.open(entry, { enforce: true }).then(
      (full) => {
        failing = false;
        if (full) throw quotaExceeded();
        return admission;
      },
      (cause) => {
        failing = true;
        // It may have been entered all the same.
        writer.cancel(entry);
        throw ledgerUnavailable(cause);
      },
    );
  }

  async function openBehind(entry: LedgerEntry): Promise<boolean> {
    try {
      const full = await ledger.open(entry, { enforce: false });
      failing = false;
      if (full && spent.size < MAX_SPENT) spent.set(entry.apiKey, Date.now() + SPENT_MS);
      return true;
    } catch (error) {
      failing = true;
      logger.warn({ entry: entry.id, error }, "A call could not be entered in the ledger; it is when it is settled.");
      return false;
    }
  }

  function sayUnpriced(model: string): void {
    if (unpriced.size >= MAX_UNPRICED || unpriced.has(model)) return;
    unpriced.add(model);
    logger.warn({ model }, "No price is known for this model: its calls are counted, and cost nothing.");
  }

  function hasSpent(key: string): boolean {
    if (spent.size === 0) return false;
    const until = spent.get(key);
    if (until === undefined) return false;
    if (until > Date.now()) return true;
    spent.delete(key);
    return false;
  }

  async function recover(): Promise<void> {
    for (;;) {
      const entries = await ledger.abandoned(RECOVERED_AT_ONCE);
      for (const entry of entries) {
        const rates = prices.find([entry.model], entry.openedAt);
        const usage = await assumedOf(entry, whenUnknown);
        const { settled } = await writer.settleNow(entry, settlementOf(entry, rates, usage, "recovered"));
        if (settled) logger.warn({ entry: entry.id }, "A call that its process left open was settled.");
      }
      if (entries.length < RECOVERED_AT_ONCE) return;
    }
  }

  function lookForAbandoned(): void {
    recovering ??= recover()
      .catch((error) => logger.warn({ error }, "Calls that were left open could not be settled; tried again."))
      .finally(() => {
        recovering = null;
      });
  }

  return {
    ledger,
    admit(asking) {
      if (!home || organization !== null) return enter(asking);
      return home().then((found) => {
        organization = found;
        return enter(asking);
      });
    },
    settle({ entry, names, rates, opened }, receipt, ending) {
      const consumed = consumedBy(receipt, ending);
      if (consumed === null) {
        writer.cancel(entry, opened);
        return null;
      }
      // Who judges for a moderation, or answers in a model's stead, is known only now.
      const { snapshot } = receipt;
      const known = snapshot === null || names.includes(snapshot);
      const settled = known ? entry : { ...entry, model: snapshot.slice(0, MAX_NAME) };
      const charged = known ? rates : prices.find([snapshot], entry.openedAt);
      if (receipt.explained) receipt.explained.priced = pricedOf(settled, charged, null);
      if (consumed === "unknown") {
        const assumed = assumedOf(entry, whenUnknown);
        writer.settle(
          entry,
          assumed.then((usage) => settlementOf(settled, charged, usage, ending.outcome)),
          opened,
        );
        return null;
      }
      const settlement = settlementOf(settled, charged, consumed, ending.outcome);
      writer.settle(entry, settlement, opened);
      if (receipt.explained) receipt.explained.priced = pricedOf(settled, charged, settlement.cost);
      return settlement.cost;
    },
    health() {
      const { underWay, waiting } = writer.state();
      return { failing: failing || waiting > 0, unsettled: underWay + waiting };
    },
    ratesOf: (names) => prices.find(names, Date.now()),
    start() {
      if (!ledger.durable) return;
      lookForAbandoned();
      timer = unrefed(setInterval(lookForAbandoned, RECOVER_MS));
    },
    async close() {
      clearInterval(timer);
      await recovering;
      await writer.drained();
      await ledger.close?.();
    },
  };
}

function pricedOf({ model, reserved }: LedgerEntry, rates: Rates | null, cost: Nanodollars | null): Priced {
  return { model, known: rates !== null, reserved, cost };
}
