import type { Schema } from "../migrate.ts";

/** The ledger's own schema, beside the store's. Never changed once published: databases out there are between its versions. */
export const LEDGER_SCHEMA: Schema = {
  table: "outlet_ledger_schema",
  migrations: [
    ({ ascending, neverAgain, bigint, bytes, clustered, openColumns, addedAtFirst }) => {
      const rare = [
        "input_audio_tokens",
        "output_audio_tokens",
        "input_image_tokens",
        "output_image_tokens",
        "characters",
        "seconds",
        "images",
      ]
        .map((name) => `${name} ${bigint} not null default 0,`)
        .join(" ");
      const counters = `
        input_tokens ${bigint} not null,
        cached_tokens ${bigint} not null,
        output_tokens ${bigint} not null,
        reasoning_tokens ${bigint} not null,
        ${rare}
        cost ${bigint} not null`;
      return [
        `create table outlet_ledger_nodes (
          number ${neverAgain},
          alive_until ${bigint} not null
        )`,
        `create table outlet_ledger_open (
          ${openColumns},
          node ${bigint} not null,
          opened_at ${bigint} not null,
          under_way text not null default '1',
          entries text not null
        )`,
        `create table outlet_ledger_series (
          number ${ascending},
          key ${bytes} not null unique,
          organization text not null,
          project text not null,
          api_key text not null,
          user_id text not null,
          model text not null,
          kind text not null,
          batch integer not null
        )`,
        `create table outlet_ledger_entries (
          position ${ascending},
          id text not null,
          series ${bigint} not null,
          opened_at ${bigint} not null,
          settled_at ${bigint} not null,
          operation text not null,
          outcome text not null,
          estimated integer not null,
          ${counters}
        )`,
        `create table outlet_ledger_usage (
          width integer not null,
          start ${bigint} not null,
          series ${bigint} not null,
          requests ${bigint} not null,
          ${counters},
          primary key (width, start, series)
        ) ${clustered}`,
        `create table outlet_ledger_added (position ${bigint} not null)`,
        `insert into outlet_ledger_added (position) values (${addedAtFirst})`,
        `create table outlet_ledger_budgets (
          id text primary key,
          subject text not null,
          scope text not null,
          amount ${bigint} not null,
          period text,
          hard integer not null,
          alerts text not null,
          notify text,
          spent ${bigint} not null,
          reserved ${bigint} not null,
          period_start ${bigint} not null
        )`,
        "create index outlet_ledger_budgets_subject on outlet_ledger_budgets (subject)",
      ];
    },
  ],
};
