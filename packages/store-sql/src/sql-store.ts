import type { Store } from "@outlet/core";
import { createChanges } from "./changes.ts";
import { createClaim } from "./claim.ts";
import type { SqlDialect } from "./dialect.ts";
import { type RowChange, rowChange, rowKey } from "./encode.ts";
import { createExpire } from "./expire.ts";
import { groupCommit } from "./group-commit.ts";
import { createInserts } from "./inserts.ts";
import { createLabels } from "./labels.ts";
import type { Schema } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { createPages } from "./page.ts";
import { BUSY_MS, patiently } from "./patience.ts";
import { recordOf } from "./record-row.ts";
import { createRecords } from "./records.ts";
import type { Rows } from "./rows.ts";
import { createSweeper } from "./sweep.ts";
import type { Database } from "./tables.ts";
import { groupWriter } from "./writer.ts";

export interface OpenDatabase {
  readonly database: Database;
  readonly dialect: SqlDialect;
  readonly rows: Rows;
  /** False where it goes with the process. */
  readonly durable: boolean;
  /** Brings its schema up to date. */
  readonly migrate: (to: Schema) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A store on a database that is open; closes it when it is closed. */
export async function createSqlStore({
  database,
  dialect,
  rows,
  durable,
  migrate,
  close,
}: OpenDatabase): Promise<Store> {
  const patient = <T>(work: () => Promise<T>) => patiently(work, dialect.isBusy, BUSY_MS);
  await patient(() => migrate({ table: "outlet_schema", migrations: MIGRATIONS }));
  const records = createRecords(database);
  const list = createPages(database, dialect, records);
  const claim = createClaim(database, dialect);
  const labels = createLabels(database, rows, dialect);
  const sweeper = createSweeper(database, labels, dialect);
  const expire = createExpire(database, labels, dialect);
  const inserts = createInserts(rows, records, labels);
  const commit = groupWriter(database, dialect, rows, inserts, createChanges(database, records, labels));
  const writes = groupCommit<readonly RowChange[], boolean>(
    (group) => patient(() => commit(group)),
    dialect.isAboutValues,
  );
  let closing: Promise<void> | null = null;
  sweeper.kick();

  return {
    specificationVersion: "v1",
    durable,
    list,
    async get(query) {
      const row = await records.get(database, rowKey(query), query.aliveAt);
      return row && recordOf(row, query.parent ?? "");
    },
    async write(changes) {
      if (closing) throw new Error("The store is closed.");
      const rows = changes.map(rowChange);
      const written = await writes.add(rows);
      if (rows.some(({ type, key }) => type === "delete" && !key.parent)) sweeper.kick();
      return written;
    },
    claim: (collection, now, until) => patient(() => claim(collection, now, until)),
    async expire(now) {
      const expired = await patient(() => expire(now));
      if (expired > 0) sweeper.kick();
      return expired;
    },
    close() {
      closing ??= Promise.all([writes.drained(), sweeper.stop()]).then(close);
      return closing;
    },
  };
}
