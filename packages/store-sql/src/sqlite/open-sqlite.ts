import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { migrate, type Schema } from "../migrate.ts";
import { BUSY_MS, patiently } from "../patience.ts";
import { nodeSqliteDialect } from "./node-sqlite.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

export interface SqliteOptions {
  /**
   * Path of the database file; made when it is not there, readable by its owner alone. Several processes of one machine may share it.
   * Default: none, and everything is kept in memory and gone with the process.
   */
  file?: string;
  /**
   * What a write that is acknowledged has survived. `process`: the end of the process, however it comes. `power`: the
   * end of the machine's power too, at the price of a wait for the disk in every group of writes. Default: `process`.
   */
  durability?: "process" | "power";
}

const PRAGMAS = [
  // Milliseconds that SQLite itself waits for another process's write, and this one serves nobody.
  "busy_timeout = 20",
  // Some documents fit on one, and fewer have to be written; see decision 7.
  "page_size = 8192",
  "journal_mode = wal",
  // Pages, 16 MiB: what is written to again and again goes into the file once for all of them.
  "wal_autocheckpoint = 2000",
  // What a savepoint keeps to go back to, which is a group of writes at most, goes to a file otherwise, and most writes have one.
  "temp_store = memory",
];

export async function openSqlite<Tables>({ file, durability = "process" }: SqliteOptions) {
  // SQLite gives its other files the permissions of this one.
  if (file !== undefined) closeSync(openSync(file, "a", 0o600));
  const connection = new DatabaseSync(file ?? ":memory:");
  try {
    for (const pragma of [...PRAGMAS, `synchronous = ${durability === "power" ? "full" : "normal"}`]) {
      // Processes that open a new file together find it locked while one makes it a WAL, and SQLite does not wait for that.
      await patiently(async () => connection.exec(`pragma ${pragma}`), sqliteDialect.isBusy, BUSY_MS);
    }
  } catch (error) {
    connection.close();
    throw error;
  }
  const database = new Kysely<Tables>({ dialect: nodeSqliteDialect(connection) });
  const close = async () => {
    await database.destroy();
    // It is told of the connection with its first statement.
    if (connection.isOpen) connection.close();
  };
  return {
    connection,
    database,
    durable: file !== undefined,
    migrate: (to: Schema) => migrate(database, sqliteDialect, to),
    close,
  };
}
