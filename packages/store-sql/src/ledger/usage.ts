import { COUNTERS, compareRows, type Dimension, type UsageQuery, type UsageRow } from "@outlet/core";
import { sql } from "kysely";
import { restored, stored } from "../text.ts";
import type { LedgerDatabase, SeriesTable, UsageTable } from "./tables.ts";

const COLUMN = {
  organization: "organization",
  project: "project",
  apiKey: "api_key",
  user: "user_id",
  model: "model",
  kind: "kind",
  batch: "batch",
} as const satisfies Record<Dimension, keyof SeriesTable>;

export const SUMMED = COUNTERS.filter((name) => name !== "requests");

/** True for what is counted: all but failures that consumed nothing. */
export const IS_COUNTED = `(outcome <> 'failed' or ${SUMMED.map((name) => `${name} > 0`).join(" or ")})`;

/** When the bucket of an entry begins. */
export const bucketOf = (width: string) => `settled_at / 1000 - (settled_at / 1000) % ${width}`;

/** Reports on what was settled: the sums, and what is not in them yet. One statement sees both as they are at one moment. */
export async function usageReport(
  db: LedgerDatabase,
  { from, to, width, groupBy, only = {} }: UsageQuery,
): Promise<UsageRow[]> {
  const first = Math.floor(from) - width;
  const end = Math.ceil(to);
  const summed = db
    .selectFrom("outlet_ledger_usage")
    .select(["start", "series", ...COUNTERS])
    .where("width", "=", width)
    .where("start", ">", first)
    .where("start", "<", end);
  const start = sql<number>`${sql.raw(bucketOf(String(width)))}`;
  const rest = db
    .selectFrom("outlet_ledger_entries")
    .select([start.as("start"), "series", sql<number>`1`.as("requests"), ...SUMMED])
    .where("position", ">", (is) => is.selectFrom("outlet_ledger_added").select("position"))
    .where(sql<boolean>`${sql.raw(IS_COUNTED)}`)
    .where(start, ">", first)
    .where(start, "<", end);
  const columns = groupBy.map((name) => COLUMN[name]);
  const counted = db.selectFrom(summed.unionAll(rest).as("counted"));
  const sums = COUNTERS.map((name) => sql<number>`sum(${sql.ref(name)})`.as(name));
  const { batch, ...lists } = only;
  // Nothing of the series is looked at.
  if (columns.length === 0 && batch === undefined && Object.keys(lists).length === 0) {
    const rows = await counted
      .select(["start", ...sums])
      .groupBy("start")
      .execute();
    return rows.map((row) => rowOf(row as never, groupBy)).sort(compareRows);
  }
  let query = counted
    .innerJoin("outlet_ledger_series", "outlet_ledger_series.number", "counted.series")
    .select(["start", ...columns, ...sums])
    .groupBy(["start", ...columns]);
  if (batch !== undefined) query = query.where("batch", "=", Number(batch));
  for (const [name, values] of Object.entries(lists) as [keyof typeof lists, readonly (string | null)[]][]) {
    if (values) query = query.where(COLUMN[name], "in", values.map((value) => stored(value ?? "")) as never);
  }
  const rows = (await query.execute()) as unknown as (UsageTable & SeriesTable)[];
  return rows.map((row) => rowOf(row, groupBy)).sort(compareRows);
}

function rowOf(row: UsageTable & SeriesTable, groupBy: readonly Dimension[]): UsageRow {
  const dimensions = Object.fromEntries(groupBy.map((name) => [name, dimensionOf(name, row[COLUMN[name]])]));
  const counters = Object.fromEntries(COUNTERS.map((name) => [name, Number(row[name])]));
  return { start: Number(row.start), ...dimensions, ...counters } as UsageRow;
}

function dimensionOf(name: Dimension, value: SeriesTable[(typeof COLUMN)[Dimension]]): string | boolean | null {
  if (name === "batch") return value === 1;
  const text = restored(String(value));
  return text === "" && name !== "apiKey" && name !== "model" ? null : text;
}
