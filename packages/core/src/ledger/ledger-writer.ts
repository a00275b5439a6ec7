import { isPromise } from "../awaitable.ts";
import type { Logger } from "../engine/engine.ts";
import { unrefed } from "../jobs/timer.ts";
import type { BillingOptions } from "./billing-options.ts";
import type { Ledger, LedgerEntry, Settlement, SettleOptions, SettleResult } from "./ledger.ts";

/** One ending that is to be written; null for an entry that is taken back. */
interface Ending {
  readonly entry: LedgerEntry;
  readonly settlement: Settlement | null;
  readonly options: SettleOptions;
}

/** Writes how calls have ended, behind the replies. */
export interface LedgerWriter {
  settle(entry: LedgerEntry, settlement: Settlement | Promise<Settlement>, opened: true | Promise<boolean>): void;
  cancel(entry: LedgerEntry, opened?: true | Promise<boolean>): void;
  /** The same, for whoever waits. */
  settleNow(entry: LedgerEntry, settlement: Settlement): Promise<SettleResult>;
  /** Endings that are being written, and those that wait for a ledger that is away. */
  state(): { readonly underWay: number; readonly waiting: number };
  /** Resolves when nothing is being written any more. What the ledger refuses even now is logged. */
  drained(): Promise<void>;
}

const RETRY_MS = 500;
/** Endings that wait for a ledger that is away: as many as calls that were let in before. */
const MAX_WAITING = 100_000;

export function createLedgerWriter(
  ledger: Ledger,
  logger: Logger,
  onSpendAlert: BillingOptions["onSpendAlert"],
): LedgerWriter {
  let waiting: Ending[] = [];
  let underWay = 0;
  let idle: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function told({ alerts }: SettleResult): void {
    for (const alert of alerts) {
      try {
        onSpendAlert?.(alert);
      } catch (err) {
        logger.error({ budget: alert.budget.id, err }, "onSpendAlert threw");
      }
    }
  }

  async function settleNow(entry: LedgerEntry, settlement: Settlement, options?: SettleOptions): Promise<SettleResult> {
    const result = await ledger.settle(entry, settlement, options);
    if (result.alerts.length > 0) told(result);
    return result;
  }

  async function write(ending: Ending): Promise<void> {
    const { entry, settlement, options } = ending;
    if (settlement) await settleNow(entry, settlement, options);
    else await ledger.cancel(entry);
  }

  /** Tries once; what fails waits for its turn. */
  async function attempt(ending: Ending): Promise<void> {
    try {
      await write(ending);
    } catch (error) {
      later(ending, error);
    }
  }

  /** Whether it was written before the failure is not known: it is settled if it is open still. */
  function later(ending: Ending, error: unknown): void {
    if (waiting.length >= MAX_WAITING) {
      lost(ending, error);
      return;
    }
    if (waiting.length === 0) logger.warn({ entry: ending.entry.id, error }, "The ledger is away; entries wait.");
    waiting.push(ending);
    timer ??= unrefed(setTimeout(retry, RETRY_MS));
  }

  async function inBackground(
    entry: LedgerEntry,
    settlement: Settlement | null | Promise<Settlement>,
    opened: true | Promise<boolean>,
  ): Promise<void> {
    underWay += 1;
    try {
      const unopened = opened !== true && !(await opened);
      await attempt({ entry, settlement: await settlement, options: unopened ? { unopened } : {} });
    } catch (error) {
      // Nobody could say what it consumed; recovery asks again when this process is gone.
      logger.error({ entry: entry.id, error }, "A call could not be settled.");
    } finally {
      over();
    }
  }

  async function retry(): Promise<void> {
    timer = undefined;
    const endings = waiting;
    waiting = [];
    for (const [done, ending] of endings.entries()) {
      try {
        await write(ending);
      } catch {
        waiting = [...endings.slice(done), ...waiting];
        timer ??= unrefed(setTimeout(retry, RETRY_MS));
        return;
      }
    }
  }

  function lost({ entry, settlement }: Ending, error: unknown): void {
    logger.error({ entry, settlement, error }, "A call could not be settled in the ledger.");
  }

  /** The same where there is nothing to wait for before, which is nearly always: with no more promises than the ledger's own. */
  function atOnce(entry: LedgerEntry, settlement: Settlement): void {
    underWay += 1;
    ledger.settle(entry, settlement).then(
      (result) => {
        if (result.alerts.length > 0) told(result);
        over();
      },
      (error) => {
        later({ entry, settlement, options: {} }, error);
        over();
      },
    );
  }

  function over(): void {
    underWay -= 1;
    if (underWay === 0) idle?.();
  }

  return {
    settleNow,
    settle(entry, settlement, opened) {
      if (opened === true && !isPromise(settlement)) atOnce(entry, settlement);
      else void inBackground(entry, settlement, opened);
    },
    cancel: (entry, opened = true) => void inBackground(entry, null, opened),
    state: () => ({ underWay, waiting: waiting.length }),
    async drained() {
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      clearTimeout(timer);
      await retry();
      clearTimeout(timer);
      for (const ending of waiting.splice(0)) lost(ending, new Error("The outlet was closed."));
    },
  };
}
