export { createSqliteLedger, type SqliteLedgerOptions } from "./sqlite-ledger.ts";
export { createSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
