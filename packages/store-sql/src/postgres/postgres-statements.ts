import { hash } from "node:crypto";
import { COUNTERS } from "@outlet/core";
import { SUMMED } from "../ledger/usage.ts";

const OPEN = "id text, node bigint, opened_at bigint, entries text, held text";
const ENTRY = `id text, series bigint, opened_at bigint, settled_at bigint, operation text, outcome text, estimated integer,
  ${SUMMED.map((name) => `${name} bigint`).join(", ")}`;
const USAGE = `width integer, start bigint, series bigint, ${COUNTERS.map((name) => `${name} bigint`).join(", ")}`;
const BUDGET = "id text, spent bigint, reserved bigint, period_start bigint";
const SERIES =
  "key text, organization text, project text, api_key text, user_id text, model text, kind text, batch integer";

/** The statements of a group, prepared once on each connection. */
export function groupStatements(schema: string) {
  const table = (name: string) => `"${schema.replaceAll('"', '""')}".outlet_ledger_${name}`;
  const rows = (parameter: string, columns: string) => `json_to_recordset(${parameter}::json) as row(${columns})`;
  const names = (columns: string) =>
    columns
      .split(",")
      .map((column) => column.trim().split(" ")[0])
      .join(", ");
  const insert = (name: string, parameter: string, columns: string) =>
    `insert into ${table(name)} (${names(columns)}) select ${names(columns)} from ${rows(parameter, columns)}`;
  return {
    // Budgets are locked before anything is taken, and in one order: no two transactions wait for each other.
    take: named(`
        with budgets as (select * from ${table("budgets")} where subject = any($1::text[]) order by id for update),
          taken as (
            delete from ${table("open")} where id = any($2::text[]) and (select count(*) from budgets) >= 0
            returning id, held
          )
        select row_to_json(budgets) as budget, null::json as open from budgets
        union all select null, row_to_json(taken) from taken`),
    write: named(`
        with opened as (${insert("open", "$1", OPEN)}),
          settled as (${insert("entries", "$2", ENTRY)}),
          summed as (
            ${insert("usage", "$3", USAGE)}
            on conflict (width, start, series) do update set
              ${COUNTERS.map((name) => `${name} = ${table("usage")}.${name} + excluded.${name}`).join(", ")}
          )
        update ${table("budgets")} as budgets
        set spent = row.spent, reserved = row.reserved, period_start = row.period_start
        from ${rows("$4", BUDGET)} where budgets.id = row.id`),
    // What is there already is told of, too.
    series: named(`
        insert into ${table("series")} (${names(SERIES)})
        select ${names(SERIES).replace("key", "decode(key, 'hex')")} from ${rows("$1", SERIES)}
        on conflict (key) do update set key = excluded.key
        returning encode(key, 'hex') as key, number`),
  };
}

/** A connection may be shared by ledgers in several schemas: each text has a name of its own. */
function named(text: string) {
  return { name: `outlet_${hash("sha256", text).slice(0, 32)}`, text };
}
