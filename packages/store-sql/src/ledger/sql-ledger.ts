import type { BudgetState, Ledger, SettleResult } from "@outlet/core";
import type { SqlDialect } from "../dialect.ts";
import type { Schema } from "../migrate.ts";
import { BUSY_MS, patiently } from "../patience.ts";
import { createBudgets } from "./budgets.ts";
import { createEntries } from "./entries.ts";
import type { Outcome, Work } from "./group.ts";
import { LEDGER_SCHEMA } from "./migrations.ts";
import { startNode } from "./node.ts";
import { createQueue } from "./queue.ts";
import type { LedgerDatabase } from "./tables.ts";
import { usageReport } from "./usage.ts";

export interface SqlLedgerOptions {
  /**
   * Milliseconds after which the calls of a process that has died are settled by another, or at its own next start. One that lives says so
   * three times as often. Clocks of processes that share a ledger must agree much better than this. Default: 30,000.
   */
  leaseMs?: number | undefined;
}

/** What each database does in its own way, since it is on the way of every call. */
export interface Groups {
  /** Commits a group of works in one transaction: all of them, or none. */
  commit(group: readonly Work[]): Promise<readonly Outcome[]>;
  /** Makes a change to budgets, which may be known in memory. */
  changeBudgets<T>(change: () => Promise<T>): Promise<T>;
  /** Ends what is done in the background. */
  close(): Promise<void>;
}

export interface OpenLedgerDatabase {
  readonly database: LedgerDatabase;
  readonly dialect: SqlDialect;
  /** For the process of this number, when the tables are there. */
  readonly groups: (node: number) => Groups;
  /** False where it goes with the process. */
  readonly durable: boolean;
  /** Brings its schema up to date. */
  readonly migrate: (to: Schema) => Promise<void>;
  readonly close: () => Promise<void>;
}

const DEFAULT_LEASE_MS = 30_000;

/** A ledger on a database that is open; closes it when it is closed. */
export async function createSqlLedger(
  { database, dialect, groups: groupsOf, durable, migrate, close }: OpenLedgerDatabase,
  leaseMs: number = DEFAULT_LEASE_MS,
): Promise<Ledger> {
  if (!(leaseMs > 0)) throw new TypeError("leaseMs must be a number of milliseconds above 0");
  const patient = <T>(work: () => Promise<T>) => patiently(work, dialect.isBusy, BUSY_MS);
  await patient(() => migrate(LEDGER_SCHEMA));
  const node = await startNode(database, leaseMs, patient);
  const budgets = createBudgets(database, dialect);
  const entries = createEntries(database, node.number);
  const groups = groupsOf(node.number);
  const works = createQueue((group) => patient(() => groups.commit(group)), dialect.isAboutValues);
  let closing: Promise<void> | null = null;

  function ask<Result extends Outcome>(work: Work): Promise<Result> {
    if (closing) return Promise.reject(new Error("The ledger is closed."));
    return works.add(work) as Promise<Result>;
  }

  const change = <T>(work: () => Promise<T>) => groups.changeBudgets(() => patient(work));

  return {
    specificationVersion: "v1",
    durable,
    open: (entry, { enforce }) => ask<BudgetState | null>({ type: "open", entry, enforce }),
    settle: (entry, settlement, { unopened = false } = {}) =>
      ask<SettleResult>({ type: "settle", entry, settlement, unopened }),
    async cancel(entry) {
      await ask({ type: "cancel", entry });
    },
    abandoned: entries.abandoned,
    entries: entries.list,
    usage: (query) => usageReport(database, query),
    setBudget: (budget) => change(() => budgets.set(budget)),
    addToBudget: (id, amount) => change(() => budgets.add(id, amount)),
    budgets: budgets.list,
    deleteBudget: (id) => change(() => budgets.delete(id)),
    close() {
      closing ??= works
        .drained()
        .then(() => groups.close())
        .then(() => node.stop())
        .catch(() => {})
        .then(close);
      return closing;
    },
  };
}
