import { sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Database } from "./tables.ts";

/**
 * Brings the schema to this program's version, in one transaction that other processes wait for.
 * @throws Error when a newer program has been there
 */
export async function migrate(database: Database, dialect: SqlDialect): Promise<void> {
  await database.transaction().execute(async (db) => {
    await dialect.beforeMigration(db);
    await sql`create table if not exists outlet_schema (version integer not null)`.execute(db);
    const { rows } = await sql<{ version: number }>`select version from outlet_schema`.execute(db);
    const version = rows[0]?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new Error(
        `The database has version ${version} of Outlet's schema, and this program knows versions up to ${MIGRATIONS.length}. ` +
          "A newer @outlet/store-sql has migrated it: use that one, or another database.",
      );
    }
    if (version === MIGRATIONS.length) return;
    for (const migration of MIGRATIONS.slice(version)) {
      for (const statement of migration(dialect.words)) await sql.raw(statement).execute(db);
    }
    await sql`delete from outlet_schema`.execute(db);
    await sql`insert into outlet_schema (version) values (${MIGRATIONS.length})`.execute(db);
  });
}
