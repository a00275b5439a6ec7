import { hash } from "node:crypto";
import {
  BUCKET_WIDTHS,
  bucketStart,
  COUNTERS,
  compareRows,
  countersOf,
  type Dimension,
  type UsageQuery,
  type UsageRow,
} from "@outlet/core";
import { sql } from "kysely";
import { preparedRows } from "../statement.ts";
import { restored, stored } from "../text.ts";
import { dimensionsOf, type Settled } from "./entries.ts";
import type { LedgerDatabase, UsageTable } from "./tables.ts";

const COLUMN = {
  organization: "organization",
  project: "project",
  apiKey: "api_key",
  user: "user_id",
  model: "model",
  kind: "kind",
  batch: "batch",
} as const satisfies Record<Dimension, keyof UsageTable>;

const COLUMNS = ["width", "start", "key", ...Object.values(COLUMN), ...COUNTERS] as const;
const KEY_BYTES = 16;

/** Sums that are kept up to date with every group of entries that is settled. */
export function createUsage(database: LedgerDatabase) {
  const addRows = preparedRows<UsageTable, never>(
    COLUMNS,
    (rows) =>
      database
        .insertInto("outlet_ledger_usage")
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(["width", "start", "key"])
            .doUpdateSet(
              Object.fromEntries(
                COUNTERS.map((name) => [name, sql`outlet_ledger_usage.${sql.ref(name)} + excluded.${sql.ref(name)}`]),
              ),
            ),
        ) as never,
  );

  return {
    async add(db: LedgerDatabase, settled: readonly Settled[]): Promise<void> {
      const rows = sumsOf(settled);
      if (rows.length > 0) await addRows.run(db, rows);
    },
    async report({ from, to, width, groupBy, only = {} }: UsageQuery, db = database): Promise<UsageRow[]> {
      const columns = groupBy.map((name) => COLUMN[name]);
      let query = db
        .selectFrom("outlet_ledger_usage")
        .select(["start", ...columns])
        .select(COUNTERS.map((name) => sql<number>`sum(${sql.ref(name)})`.as(name)))
        .where("width", "=", width)
        .where("start", ">", Math.floor(from) - width)
        .where("start", "<", Math.ceil(to))
        .groupBy(["start", ...columns]);
      const { batch, ...lists } = only;
      if (batch !== undefined) query = query.where("batch", "=", Number(batch));
      for (const [name, values] of Object.entries(lists) as [keyof typeof lists, readonly (string | null)[]][]) {
        if (values) query = query.where(COLUMN[name], "in", values.map((value) => stored(value ?? "")) as never);
      }
      const rows = (await query.execute()) as unknown as UsageTable[];
      return rows.map((row) => rowOf(row, groupBy)).sort(compareRows);
    },
  };
}

/** What the entries add to each bucket, every bucket once, in one order: no two transactions wait for each other. */
function sumsOf(settled: readonly Settled[]): UsageTable[] {
  const sums = new Map<string, UsageTable>();
  for (const { entry, settlement } of settled) {
    const counters = countersOf(settlement);
    if (!counters) continue;
    const dimensions = dimensionsOf({ ...entry, model: settlement.model });
    const text = JSON.stringify(Object.values(dimensions));
    for (const width of BUCKET_WIDTHS) {
      const start = bucketStart(settlement.settledAt, width);
      const name = `${width} ${start} ${text}`;
      const sum = sums.get(name);
      if (sum) for (const counter of COUNTERS) sum[counter] += counters[counter];
      else sums.set(name, { width, start, key: keyOf(text), ...dimensions, ...counters });
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function keyOf(text: string): Uint8Array {
  return hash("sha256", text, "buffer").subarray(0, KEY_BYTES);
}

function rowOf(row: UsageTable, groupBy: readonly Dimension[]): UsageRow {
  const dimensions = Object.fromEntries(groupBy.map((name) => [name, dimensionOf(name, row[COLUMN[name]])]));
  const counters = Object.fromEntries(COUNTERS.map((name) => [name, Number(row[name])]));
  return { start: Number(row.start), ...dimensions, ...counters } as UsageRow;
}

function dimensionOf(name: Dimension, value: string | number): string | boolean | null {
  if (name === "batch") return value === 1;
  const text = restored(String(value));
  return text === "" && name !== "apiKey" && name !== "model" ? null : text;
}
