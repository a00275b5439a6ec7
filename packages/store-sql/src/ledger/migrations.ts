import type { Schema } from "../migrate.ts";

/** The ledger's own schema, beside the store's. Never changed once published: databases out there are between its versions. */
export const LEDGER_SCHEMA: Schema = {
  table: "outlet_ledger_schema",
  migrations: [
    ({ ascending, bigint, bytes, clustered }) => {
      const dimensions = ["organization", "project", "api_key", "user_id", "model", "kind"]
        .map((name) => `${name} text not null,`)
        .join(" ");
      const counters = [
        "input_tokens",
        "cached_tokens",
        "output_tokens",
        "reasoning_tokens",
        "input_audio_tokens",
        "output_audio_tokens",
        "input_image_tokens",
        "output_image_tokens",
        "characters",
        "seconds",
        "images",
        "cost",
      ]
        .map((name) => `${name} ${bigint} not null`)
        .join(", ");
      return [
        `create table outlet_ledger_open (
          id text primary key,
          node text not null,
          opened_at ${bigint} not null,
          entry text not null,
          held text not null
        ) ${clustered}`,
        `create table outlet_ledger_entries (
          position ${ascending},
          id text not null,
          opened_at ${bigint} not null,
          settled_at ${bigint} not null,
          operation text not null,
          outcome text not null,
          estimated integer not null,
          ${dimensions}
          batch integer not null,
          ${counters}
        )`,
        `create table outlet_ledger_usage (
          width integer not null,
          start ${bigint} not null,
          key ${bytes} not null,
          ${dimensions}
          batch integer not null,
          requests ${bigint} not null,
          ${counters},
          primary key (width, start, key)
        ) ${clustered}`,
        `create table outlet_ledger_budgets (
          id text primary key,
          subject text not null,
          scope text not null,
          amount ${bigint} not null,
          period text,
          hard integer not null,
          alerts text not null,
          spent ${bigint} not null,
          reserved ${bigint} not null,
          period_start ${bigint} not null
        )`,
        "create index outlet_ledger_budgets_subject on outlet_ledger_budgets (subject)",
        `create table outlet_ledger_nodes (
          id text primary key,
          alive_until ${bigint} not null
        )`,
      ];
    },
    () => ["alter table outlet_ledger_budgets add column notify text"],
  ],
};
