import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BUCKET_WIDTHS } from "@outlet/core";
import { bucketOf, IS_COUNTED, SUMMED } from "../ledger/usage.ts";

/** Milliseconds after which what was settled is added to the sums; until then, reports add it up themselves. */
const ADD_MS = 500;
/** Entries at a time: some milliseconds, in which nobody is served. */
const AT_A_TIME = 1_000;

/**
 * Adds settled entries to the sums, behind the calls: with many callers each has sums of its own, and writing those with every group
 * would cost more than the group. The position up to which entries were added is written with the sums: each is added once, whoever does it.
 */
export function createSums(connection: DatabaseSync) {
  let statements: ReturnType<typeof prepare> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function addSome(): void {
    timer = null;
    if (closed) return;
    try {
      // Between two statements of another transaction: it is over soon.
      if (connection.isTransaction || add()) timer = setTimeout(addSome, 1).unref();
    } catch {
      later();
    }
  }

  /** True when there is more. */
  function add(): boolean {
    statements ??= prepare(connection);
    const { begin, commit, rollback, where, sums, mark } = statements;
    begin.run();
    try {
      const { added, last } = where.get() as { added: number; last: number };
      const until = Math.min(last, added + AT_A_TIME);
      if (until > added) {
        sums.run(added, until);
        mark.run(until);
      }
      commit.run();
      return until < last;
    } catch (error) {
      if (connection.isTransaction) rollback.run();
      throw error;
    }
  }

  function later(): void {
    if (!closed) timer ??= setTimeout(addSome, ADD_MS).unref();
  }

  // What a process has left.
  later();
  return {
    later,
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function prepare(connection: DatabaseSync) {
  const statement = (sql: string): StatementSync => connection.prepare(sql);
  const counters = ["requests", ...SUMMED];
  const [finest, ...coarser] = BUCKET_WIDTHS;
  const added = counters.map((name) => `sum(${name}) as ${name}`).join(", ");
  return {
    begin: statement("begin immediate"),
    commit: statement("commit"),
    rollback: statement("rollback"),
    where: statement(`
      select position as added, coalesce((select max(position) from outlet_ledger_entries), 0) as last
      from outlet_ledger_added`),
    // Entries are read once; the longer buckets are made of the shortest.
    sums: statement(`
      insert into outlet_ledger_usage (width, start, series, ${counters.join(", ")})
      with finest as materialized (
        select ${bucketOf(String(finest))} as start, series, count(*) as requests, ${SUMMED.map((name) => `sum(${name}) as ${name}`).join(", ")}
        from outlet_ledger_entries
        where position > ? and position <= ? and ${IS_COUNTED}
        group by 1, 2
      )
      select ${finest} as width, start, series, ${counters.join(", ")} from finest
      ${coarser
        .map(
          (width) =>
            `union all select ${width}, start - start % ${width} as first, series, ${added} from finest group by first, series`,
        )
        .join(" ")}
      on conflict (width, start, series) do update set
        ${counters.map((name) => `${name} = outlet_ledger_usage.${name} + excluded.${name}`).join(", ")}`),
    mark: statement("update outlet_ledger_added set position = ?"),
  };
}
