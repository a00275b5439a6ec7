export { createPostgresLedger, type PostgresLedgerOptions } from "./postgres-ledger.ts";
export { createPostgresStore, type PostgresStoreOptions } from "./postgres-store.ts";
