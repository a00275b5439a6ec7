import type { SettledEntry } from "./ledger.ts";
import {
  BUCKET_WIDTHS,
  type BucketWidth,
  bucketStart,
  COUNTERS,
  compareRows,
  countersOf,
  DIMENSIONS,
  type UsageQuery,
  type UsageRow,
} from "./usage-report.ts";

/** A row that is still added to. */
type Sum = { -readonly [Name in keyof UsageRow]: UsageRow[Name] };

/** Sums of a minute, an hour and a day, each as long as there is room. */
export function createMemoryUsage(maxSums: number) {
  const byWidth = new Map<BucketWidth, Map<string, Sum>>(BUCKET_WIDTHS.map((width) => [width, new Map()]));

  function add(entry: SettledEntry): void {
    const counters = countersOf(entry);
    if (!counters) return;
    const { organization, project, apiKey, user, model, kind, batch } = entry;
    const dimensions = { organization, project, apiKey, user, model, kind, batch };
    const group = keyOf(dimensions, DIMENSIONS);
    for (const [width, sums] of byWidth) {
      const start = bucketStart(entry.settledAt, width);
      put(sums, `${start} ${group}`, { start, ...dimensions, ...counters });
      const [oldest] = sums.size > maxSums ? sums.keys() : [];
      if (oldest !== undefined) sums.delete(oldest);
    }
  }

  function report({ from, to, width, groupBy, only = {} }: UsageQuery): UsageRow[] {
    const groups = new Map<string, Sum>();
    for (const row of byWidth.get(width)?.values() ?? []) {
      if (row.start + width <= from || row.start >= to || !isAmong(row, only)) continue;
      const key = `${row.start} ${keyOf(row, groupBy)}`;
      put(groups, key, { start: row.start, ...pick(row, groupBy), ...pick(row, COUNTERS) });
    }
    return [...groups.values()].sort(compareRows);
  }

  return { add, report };
}

/** Adds a row, which is nobody else's, to what is there of its group. */
function put(groups: Map<string, Sum>, key: string, row: Sum): void {
  const sum = groups.get(key);
  if (!sum) groups.set(key, row);
  else for (const name of COUNTERS) sum[name] += row[name];
}

function keyOf(row: Partial<UsageRow>, dimensions: UsageQuery["groupBy"]): string {
  return JSON.stringify(dimensions.map((name) => row[name]));
}

function isAmong(row: UsageRow, { batch, ...lists }: NonNullable<UsageQuery["only"]>): boolean {
  if (batch !== undefined && row.batch !== batch) return false;
  return Object.entries(lists).every(
    ([name, values]) => values === undefined || values.includes(row[name as keyof typeof lists] ?? null),
  );
}

function pick<T extends object, Name extends keyof T>(from: T, names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, Name>;
}
