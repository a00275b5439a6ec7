import type { BudgetState, Ledger, SettleResult } from "@outlet/core";
import type { SqlDialect } from "../dialect.ts";
import { groupCommit } from "../group-commit.ts";
import { migrate } from "../migrate.ts";
import { patiently } from "../patience.ts";
import { createBudgets } from "./budgets.ts";
import { createEntries } from "./entries.ts";
import { groupWorker, type Outcome, type Work } from "./group.ts";
import { LEDGER_SCHEMA } from "./migrations.ts";
import { createNode } from "./node.ts";
import type { LedgerDatabase } from "./tables.ts";
import { createUsage } from "./usage.ts";

export interface SqlLedgerOptions {
  /**
   * Milliseconds after which the calls of a process that has died are settled by another, or at its own next start. One that lives says so
   * three times as often. Clocks of processes that share a ledger must agree much better than this. Default: 30,000.
   */
  leaseMs?: number | undefined;
}

export interface OpenLedgerDatabase {
  readonly database: LedgerDatabase;
  readonly dialect: SqlDialect;
  /** False where it goes with the process. */
  readonly durable: boolean;
  readonly close: () => Promise<void>;
}

const DEFAULT_LEASE_MS = 30_000;
/** How long a write waits for another process's. */
const BUSY_MS = 5_000;

/** A ledger on a database that is open; closes it when it is closed. */
export async function createSqlLedger(
  { database, dialect, durable, close }: OpenLedgerDatabase,
  leaseMs: number = DEFAULT_LEASE_MS,
): Promise<Ledger> {
  if (!(leaseMs > 0)) throw new TypeError("leaseMs must be a number of milliseconds above 0");
  const patient = <T>(work: () => Promise<T>) => patiently(work, dialect.isBusy, BUSY_MS);
  await patient(() => migrate(database, dialect, LEDGER_SCHEMA));
  const node = createNode(database, leaseMs, patient);
  const usage = createUsage(database);
  const budgets = createBudgets(database, dialect, usage);
  const entries = createEntries(database, node.id);
  const work = groupWorker(database, { budgets, entries, usage });
  const works = groupCommit<Work, Outcome>((group) => patient(() => work(group)), dialect.isAboutValues);
  await node.start();
  let closing: Promise<void> | null = null;

  async function ask(asked: Work): Promise<Outcome> {
    if (closing) throw new Error("The ledger is closed.");
    return works.add(asked);
  }

  return {
    specificationVersion: "v1",
    durable,
    async open(entry, { enforce }) {
      return (await ask({ type: "open", entry, enforce })) as BudgetState | null;
    },
    async settle(entry, settlement, { unopened = false } = {}) {
      return (await ask({ type: "settle", entry, settlement, unopened })) as SettleResult;
    },
    async cancel(entry) {
      await ask({ type: "cancel", entry });
    },
    abandoned: entries.abandoned,
    entries: entries.list,
    usage: (query) => usage.report(query),
    setBudget: (budget) => patient(() => budgets.set(budget)),
    addToBudget: (id, amount) => patient(() => budgets.add(id, amount)),
    budgets: budgets.list,
    deleteBudget: (id) => patient(() => budgets.delete(id)),
    close() {
      closing ??= works
        .drained()
        .then(() => node.stop())
        .catch(() => {})
        .then(close);
      return closing;
    },
  };
}
