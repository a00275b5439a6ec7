import { DatabaseSync } from "node:sqlite";
import { BUCKET_WIDTHS, COUNTERS } from "@outlet/core";

export const MONTH_START = Date.UTC(2026, 0, 1) / 1000;
export const MONTH_SECONDS = 31 * 86_400;

const USED = COUNTERS.filter((name) => name !== "requests");
const COUNTED = ["input_tokens", "output_tokens", "cost"];

/** Whose calls a ledger is filled with. */
export interface Callers {
  readonly keys: number;
  /** True where each calls in a time of its own, one after the other; else all of them call all the time. */
  readonly apart: boolean;
}

/**
 * Fills the tables of a ledger, which are there and empty, with so many settled calls, spread over a month. They are those of ten projects and
 * of so many keys, each of which asks one of four models.
 */
export function fillLedger(file: string, count: number, { keys, apart }: Callers): void {
  const key = apart ? `i * ${keys} / ${count}` : `i % ${keys}`;
  const database = new DatabaseSync(file);
  database.exec("pragma synchronous = off");
  const counters = USED.map((name) => (COUNTED.includes(name) ? "100" : "0"));
  database.exec(`
    begin;
    insert into outlet_ledger_series (key, organization, project, api_key, user_id, model, kind, batch)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${keys - 1})
    select cast('k' || i as blob), 'org', 'p' || (i % 10), 'k' || i, '', 'm' || (i % 4), 'completions', 0 from n;
    insert into outlet_ledger_entries (id, series, opened_at, settled_at, operation, outcome, estimated, ${USED.join(", ")})
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})
    select 'req_' || i, 1 + ${key}, at, at, 'createChatCompletion', 'completed', 0, ${counters.join(", ")}
    from (select i, (${MONTH_START} + cast(i as integer) * ${MONTH_SECONDS} / ${count}) * 1000 as at from n);
    update outlet_ledger_added set position = (select max(position) from outlet_ledger_entries);
    commit`);
  for (const width of BUCKET_WIDTHS) {
    database.exec(`
      insert into outlet_ledger_usage (width, start, series, requests, ${USED.join(", ")})
      select ${width}, settled_at / 1000 / ${width} * ${width} as start, series,
        count(*), ${USED.map((name) => `sum(${name})`).join(", ")}
      from outlet_ledger_entries group by start, series`);
  }
  database.close();
}
