import type { Migration } from "./migrate.ts";
import { NEVER } from "./never.ts";

/** What turns one version of the schema into the next. Never changed once published: databases out there are between them. */
export const MIGRATIONS: readonly Migration[] = [
  ({ position, bigint, bytes, clustered }) => [
    `create table outlet_records (
      position ${position},
      key ${bytes} not null,
      list ${bytes} not null,
      collection text not null,
      owner text not null,
      parent ${bigint} not null,
      id text not null,
      created_at ${bigint} not null,
      due_at ${bigint},
      version integer not null,
      labels text not null,
      data text not null,
      details text
    )`,
    "create unique index outlet_records_key on outlet_records (key)",
    "create index outlet_records_list on outlet_records (list, position)",
    "create index outlet_records_due on outlet_records (collection, due_at, position) where due_at is not null",
    "create index outlet_records_children on outlet_records (parent) where parent <> 0",
    `create table outlet_labels (
      key ${bytes} not null,
      position ${bigint} not null,
      primary key (key, position)
    ) ${clustered}`,
    `create table outlet_doomed (parent ${bigint} primary key)`,
  ],
  ({ bigint }) => [
    `alter table outlet_records add column expires_at ${bigint} not null default ${NEVER}`,
    `create index outlet_records_expiry on outlet_records (expires_at) where expires_at < ${NEVER}`,
    // Lists pass over what has expired without a look at its row.
    "drop index outlet_records_list",
    "create index outlet_records_list on outlet_records (list, position, expires_at)",
  ],
];
