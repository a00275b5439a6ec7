import type { DatabaseSync } from "node:sqlite";
import type { Held, LedgerEntry } from "@outlet/core";
import type { OpenEntry, Work } from "../ledger/group.ts";
import { underWayOf, underWayText } from "../ledger/open-rows.ts";
import type { OpenTable } from "../ledger/tables.ts";

/** Calls that were opened together, which are one row. */
interface Batch {
  readonly number: number;
  readonly node: number;
  /** By place: whether the call is under way still. */
  underWay: boolean[];
  left: number;
  /** The row was like this when nobody else had written since. */
  seen: number;
}

/** Where a call is, that this process has opened. */
interface Place {
  readonly batch: Batch;
  readonly at: number;
  readonly held: Held;
}

type Row = OpenTable & { readonly number: number; readonly budgets: string };

/**
 * Calls under way, those of one transaction in one row: to open and to close each in a row of its own costs four times as much. What this process
 * has opened is known in memory, and read again only when another connection has written: whoever did may have taken this process for dead.
 */
export function createOpenCalls(connection: DatabaseSync, node: number) {
  const statements = prepare(connection);
  const known = new Map<string, Place>();
  /** Of others, those that the transaction has found. */
  const found = new Map<number, Batch>();
  const changed = new Set<Batch>();
  let entered: [id: string, place: Place][] = [];
  /** Counts how often somebody else may have written. */
  let seen = 0;
  let lastSeen = -1;
  /** Rows that others have removed are known here for a while: none of their numbers is given twice. */
  let given = 0;

  /** A batch as it is in the database. */
  function current(batch: Batch): Batch {
    if (batch.seen === seen) return batch;
    const row = statements.read(batch.number, node);
    batch.underWay = row ? underWayOf(row) : [];
    batch.left = leftOf(batch.underWay);
    batch.seen = seen;
    return batch;
  }

  function takeFrom(batch: Batch, at: number): boolean {
    if (!batch.underWay[at]) return false;
    batch.underWay[at] = false;
    batch.left -= 1;
    changed.add(batch);
    return true;
  }

  /** Of a process that has died. */
  function takeFound({ id }: LedgerEntry): Held | null {
    for (const row of statements.find(node, `"id":${JSON.stringify(id)}`)) {
      const entries: LedgerEntry[] = JSON.parse(row.entries);
      const batch = found.get(row.number) ?? batchOf(row, seen);
      found.set(row.number, batch);
      for (const [at, entry] of entries.entries()) {
        if (entry.id !== id || !takeFrom(batch, at)) continue;
        return { amount: entry.reserved, budgets: JSON.parse(row.budgets)[at] };
      }
    }
    return null;
  }

  return {
    /** Begins a transaction. `alone`: nobody else has written since the last one. */
    begin(alone: boolean): void {
      if (!alone) seen += 1;
      found.clear();
      changed.clear();
      entered = [];
    },
    /** What an entry holds that was under way, and is no more; null when it was not. */
    take(entry: LedgerEntry): Held | null {
      const place = known.get(entry.id);
      if (!place) return takeFound(entry);
      return takeFrom(current(place.batch), place.at) ? place.held : null;
    },
    /** Writes what was taken, and what is opened. */
    write(opened: readonly OpenEntry[]): void {
      for (const batch of changed) {
        if (batch.left > 0) statements.update(batch);
        else statements.remove(batch);
      }
      if (opened.length === 0) return;
      if (lastSeen !== seen) given = Math.max(given, statements.last());
      lastSeen = seen;
      given += 1;
      const batch: Batch = { number: given, node, underWay: opened.map(() => true), left: opened.length, seen };
      statements.insert(batch, opened);
      entered = opened.map(({ entry, held }, at) => [entry.id, { batch, at, held }]);
    },
    /** What was written holds. */
    committed(group: readonly Work[]): void {
      for (const { type, entry } of group) if (type !== "open") known.delete(entry.id);
      for (const [id, place] of entered) known.set(id, place);
    },
    /** Nothing of it holds: what is known is read again. */
    rolledBack(): void {
      seen += 1;
    },
  };
}

function prepare(connection: DatabaseSync) {
  const columns = ["number", "node", "opened_at", "under_way", "entries", "budgets"];
  const insert = connection.prepare(
    `insert into outlet_ledger_open (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`,
  );
  const update = connection.prepare("update outlet_ledger_open set under_way = ? where number = ? and node = ?");
  const remove = connection.prepare("delete from outlet_ledger_open where number = ? and node = ?");
  const read = connection.prepare("select under_way from outlet_ledger_open where number = ? and node = ?");
  const last = connection.prepare("select coalesce(max(number), 0) as last from outlet_ledger_open");
  const find = connection.prepare("select * from outlet_ledger_open where node <> ? and instr(entries, ?) > 0");

  return {
    insert({ number, node, underWay }: Batch, opened: readonly OpenEntry[]): void {
      const entries = opened.map(({ entry }) => entry);
      const budgets = opened.map(({ held }) => held.budgets);
      const openedAt = entries[0]?.openedAt ?? 0;
      // JSON has no character that a database cannot keep.
      insert.run(number, node, openedAt, underWayText(underWay), JSON.stringify(entries), JSON.stringify(budgets));
    },
    update({ number, node, underWay }: Batch): void {
      update.run(underWayText(underWay), number, node);
    },
    remove({ number, node }: Batch): void {
      remove.run(number, node);
    },
    read: (number: number, node: number) => read.get(number, node) as Pick<OpenTable, "under_way"> | undefined,
    last: () => (last.get() as { last: number }).last,
    /** Of other processes, those with a text in their entries. */
    find: (node: number, text: string) => find.all(node, text) as unknown as Row[],
  };
}

function batchOf(row: Row, seen: number): Batch {
  const underWay = underWayOf(row);
  return { number: row.number, node: row.node, underWay, left: leftOf(underWay), seen };
}

function leftOf(underWay: readonly boolean[]): number {
  return underWay.filter(Boolean).length;
}
