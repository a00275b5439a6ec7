import type { DatabaseSync } from "node:sqlite";
import type { NewRow, Rows } from "../rows.ts";

/**
 * Statements of Node's own, a row each: nothing is compiled or waited for between two of them. Positions are given here, since a transaction
 * writes alone.
 */
export function sqliteRows(database: DatabaseSync): Rows {
  let prepared: ReturnType<typeof prepare> | null = null;
  /** A reader that has found a record by its position may still be on its way to it: none is given twice. */
  let given = 0;

  /** The tables are not there before the first write. */
  function statements() {
    prepared ??= prepare(database);
    given = Math.max(given, Number(prepared.last.get()?.last ?? 0));
    return prepared;
  }

  return {
    async insertRecords(_db, rows) {
      const { insertRecord } = statements();
      return rows.map((row) => (insertRecord(given + 1, row) ? ++given : null));
    },
    async insertLabels(_db, rows) {
      const { insertLabel } = statements();
      for (const { key, position } of rows) insertLabel(key, position);
    },
    insertAtOnce(records) {
      database.exec("begin immediate");
      try {
        const { insertRecord, insertLabel } = statements();
        for (const { row, labels } of records) {
          if (!insertRecord(given + 1, row)) {
            database.exec("rollback");
            return false;
          }
          given += 1;
          for (const key of labels) insertLabel(key, given);
        }
        database.exec("commit");
        return true;
      } catch (error) {
        if (database.isTransaction) database.exec("rollback");
        throw error;
      }
    },
  };
}

function prepare(database: DatabaseSync) {
  // A statement that never has to take half of itself back is spared a copy of each page before it writes to it: `or ignore`.
  const record = database.prepare(
    `insert or ignore into outlet_records
      (position, key, list, collection, owner, parent, id, created_at, due_at, version, labels, data, details, expires_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const label = database.prepare("insert or ignore into outlet_labels (key, position) values (?, ?)");
  // The children of a doomed record still name it: its position must not be another's.
  const last = database.prepare(
    `select max(
      coalesce((select max(position) from outlet_records), 0),
      coalesce((select max(parent) from outlet_doomed), 0)
    ) as last`,
  );
  return {
    last,
    /** False where its key is there already. */
    insertRecord(position: number, row: NewRow): boolean {
      const {
        key,
        list,
        collection,
        owner,
        parent,
        id,
        created_at,
        due_at,
        version,
        labels,
        data,
        details,
        expires_at,
      } = row;
      const { changes } = record.run(
        position,
        key,
        list,
        collection,
        owner,
        parent,
        id,
        created_at,
        due_at,
        version,
        labels,
        data,
        details,
        expires_at,
      );
      return changes !== 0;
    },
    insertLabel(key: Uint8Array, position: number): void {
      label.run(key, position);
    },
  };
}
