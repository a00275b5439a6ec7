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

/** Sums of a minute, an hour and a day, each as long as there is room. */
export function createMemoryUsage(maxSums: number) {
  const byWidth = new Map<BucketWidth, Map<string, UsageRow>>(BUCKET_WIDTHS.map((width) => [width, new Map()]));

  function add(entry: SettledEntry): void {
    const counters = countersOf(entry);
    if (!counters) return;
    for (const [width, sums] of byWidth) {
      const row = { start: bucketStart(entry.settledAt, width), ...pick(entry, DIMENSIONS), ...counters };
      put(sums, row, DIMENSIONS);
      const [oldest] = sums.size > maxSums ? sums.keys() : [];
      if (oldest !== undefined) sums.delete(oldest);
    }
  }

  function report({ from, to, width, groupBy, only = {} }: UsageQuery): UsageRow[] {
    const groups = new Map<string, UsageRow>();
    for (const row of byWidth.get(width)?.values() ?? []) {
      if (row.start + width <= from || row.start >= to || !isAmong(row, only)) continue;
      put(groups, { start: row.start, ...pick(row, groupBy), ...pick(row, COUNTERS) }, groupBy);
    }
    return [...groups.values()].sort(compareRows);
  }

  return { add, report };
}

/** Adds a row to what is there of its group. */
function put(groups: Map<string, UsageRow>, row: UsageRow, dimensions: UsageQuery["groupBy"]): void {
  const key = JSON.stringify([row.start, ...dimensions.map((name) => row[name])]);
  const former = groups.get(key);
  if (!former) {
    groups.set(key, row);
    return;
  }
  const sum = Object.fromEntries(COUNTERS.map((name) => [name, former[name] + row[name]]));
  groups.set(key, { ...row, ...sum } as UsageRow);
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
