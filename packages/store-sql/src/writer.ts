import { sql } from "kysely";
import type { Changes } from "./changes.ts";
import type { SqlDialect } from "./dialect.ts";
import type { RowChange } from "./encode.ts";
import type { Database } from "./tables.ts";

type Write = readonly RowChange[];

/** Commits a group of writes in one transaction: each of them whole or not at all, whatever becomes of the others. */
export function groupWriter(database: Database, dialect: SqlDialect, changes: Changes) {
  return (group: readonly Write[]): Promise<boolean[]> =>
    database.transaction().execute(async (db) => {
      const owners = new Set(group.flatMap((write) => write.map(({ key }) => key.owner)));
      await dialect.lockOwners(db, owners);
      const results: boolean[] = [];
      for (const write of group) results.push(await whole(db, write));
      return results;
    });

  async function whole(db: Database, write: Write): Promise<boolean> {
    const [only] = write;
    if (!only) return true;
    // One change is made or is not: there is nothing to take back.
    if (write.length === 1) return changes.make(db, only);
    await sql`savepoint outlet_write`.execute(db);
    for (const change of write) {
      if (await changes.make(db, change)) continue;
      await sql`rollback to savepoint outlet_write`.execute(db);
      await sql`release savepoint outlet_write`.execute(db);
      return false;
    }
    await sql`release savepoint outlet_write`.execute(db);
    return true;
  }
}
