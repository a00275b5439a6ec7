import { Kysely, PostgresDialect } from "kysely";
import { Pool, type PoolClient } from "pg";
import { migrate, type Schema } from "../migrate.ts";
import { postgresDialect } from "./postgres-dialect.ts";

export type PostgresOptions = {
  /** Schema that the tables are in; made when it is not there. Default: `outlet`. */
  schema?: string;
} & (
  | {
      /** `postgres://user:password@host:5432/database`; a pool of ten connections is made for it. */
      connectionString: string;
    }
  | {
      /** Your own pool; yours to close. */
      pool: Pool;
    }
);

/** Milliseconds. A database that hangs must become an error, not requests that hang with it. */
const TIMEOUTS = {
  connectionTimeoutMillis: 5_000,
  statement_timeout: 10_000,
  query_timeout: 12_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
};

/** An index of a large table takes minutes to make. What a migration waits for others is bounded besides: see `beforeMigration`. */
const MIGRATION_TIMEOUTS = { ...TIMEOUTS, statement_timeout: 3_600_000, query_timeout: 3_600_000 };

export function openPostgres<Tables>(options: PostgresOptions) {
  const { schema = "outlet" } = options;
  const own = "connectionString" in options;
  const pool = own ? new Pool({ connectionString: options.connectionString, ...TIMEOUTS }) : options.pool;
  const broken = ignoreBrokenConnections(pool);
  const databaseBy = (by: Pool) =>
    new Kysely<Tables>({ dialect: new PostgresDialect({ pool: by }) }).withSchema(schema);
  const database = databaseBy(pool);
  const dialect = postgresDialect(schema);
  const close = async () => {
    if (own) await pool.end();
    broken.stop();
  };
  return {
    pool,
    schema,
    database,
    dialect,
    durable: true,
    async migrate(to: Schema) {
      if (!own) return migrate(database, dialect, to);
      const { connectionString } = options;
      const patient = new Pool({ connectionString, ...MIGRATION_TIMEOUTS, max: 1 });
      const brokenMeanwhile = ignoreBrokenConnections(patient);
      try {
        await migrate(databaseBy(patient), dialect, to);
      } finally {
        await patient.end();
        brokenMeanwhile.stop();
      }
    },
    close,
  };
}

/**
 * A connection that breaks fails what is asked of it, and is replaced. It says so in an event besides, which would end the process
 * if nobody listened: idle ones through the pool, those that are in use and between two statements themselves.
 */
function ignoreBrokenConnections(pool: Pool) {
  const heard = new WeakSet<PoolClient>();
  const ignore = () => {};
  const listen = (client: PoolClient) => {
    if (!heard.has(client)) client.on("error", ignore);
    heard.add(client);
  };
  pool.on("error", ignore);
  pool.on("acquire", listen);
  return {
    stop() {
      pool.off("error", ignore);
      pool.off("acquire", listen);
    },
  };
}
