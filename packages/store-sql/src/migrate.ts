import { type Kysely, sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";

/** What turns one version of a schema into the next. */
export type Migration = (words: SqlDialect["words"]) => readonly string[];

export interface Schema {
  /** Table that the version is in. */
  readonly table: string;
  readonly migrations: readonly Migration[];
}

/**
 * Brings the schema to this program's version, in one transaction that other processes wait for.
 * @throws Error when a newer program has been there
 */
export async function migrate<Tables>(
  database: Kysely<Tables>,
  dialect: SqlDialect,
  { table, migrations }: Schema,
): Promise<void> {
  await database.transaction().execute(async (db) => {
    await dialect.beforeMigration(db);
    await sql`create table if not exists ${sql.table(table)} (version integer not null)`.execute(db);
    const { rows } = await sql<{ version: number }>`select version from ${sql.table(table)}`.execute(db);
    const version = rows[0]?.version ?? 0;
    if (version > migrations.length) {
      throw new Error(
        `The database has version ${version} of Outlet's schema, and this program knows versions up to ${migrations.length}. ` +
          "A newer @outlet/store-sql has migrated it: use that one, or another database.",
      );
    }
    if (version === migrations.length) return;
    for (const migration of migrations.slice(version)) {
      for (const statement of migration(dialect.words)) await sql.raw(statement).execute(db);
    }
    await sql`delete from ${sql.table(table)}`.execute(db);
    await sql`insert into ${sql.table(table)} (version) values (${migrations.length})`.execute(db);
  });
}
