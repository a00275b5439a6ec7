import type { SettledEntry } from "./ledger.ts";
import {
  addCounters,
  BUCKET_WIDTHS,
  type BucketWidth,
  bucketStart,
  COUNTERS,
  type Counter,
  compareRows,
  countersOf,
  type UsageQuery,
  type UsageRow,
} from "./usage-report.ts";

/** A row that is still added to. */
type Sum = { -readonly [Name in keyof UsageRow]: UsageRow[Name] };

/** Sums by what they are told apart by. */
type Sums = Map<string, Sum>;

/** Sums of one width, by when their bucket begins, Unix seconds. */
interface Buckets {
  readonly width: BucketWidth;
  readonly byStart: Map<number, Sums>;
  /** Of all buckets. */
  size: number;
}

/** Sums of a minute, an hour and a day, each as long as there is room. */
export function createMemoryUsage(maxSums: number) {
  const all = BUCKET_WIDTHS.map((width): Buckets => ({ width, byStart: new Map(), size: 0 }));

  function add(entry: SettledEntry): void {
    const counters = countersOf(entry);
    if (!counters) return;
    const name = nameOf(entry);
    for (const buckets of all) {
      const start = bucketStart(entry.settledAt, buckets.width);
      const sums = sumsAt(buckets, start);
      const sum = sums.get(name);
      if (sum) {
        addCounters(sum, counters);
        continue;
      }
      sums.set(name, newSum(start, entry, counters));
      buckets.size += 1;
      if (buckets.size > maxSums) forgetOldest(buckets, maxSums);
    }
  }

  function report({ from, to, width, groupBy, only = {} }: UsageQuery): UsageRow[] {
    const groups: Sums = new Map();
    for (const [start, sums] of all.find((buckets) => buckets.width === width)?.byStart ?? []) {
      if (start + width <= from || start >= to) continue;
      for (const row of sums.values()) {
        if (!isAmong(row, only)) continue;
        const key = `${start} ${JSON.stringify(groupBy.map((name) => row[name]))}`;
        const sum = groups.get(key);
        if (sum) addCounters(sum, row);
        else groups.set(key, { start, ...pick(row, groupBy), ...pick(row, COUNTERS) });
      }
    }
    return [...groups.values()].sort(compareRows);
  }

  return { add, report };
}

function sumsAt({ byStart }: Buckets, start: number): Sums {
  let sums = byStart.get(start);
  if (!sums) {
    sums = new Map();
    byStart.set(start, sums);
  }
  return sums;
}

/** A tenth at once: a map walks over all that was taken off its beginning, each time that its first is asked for. */
function forgetOldest(buckets: Buckets, maxSums: number): void {
  const most = Math.floor(maxSums * 0.9);
  for (const [start, sums] of buckets.byStart) {
    for (const name of sums.keys()) {
      if (buckets.size <= most) return;
      sums.delete(name);
      buckets.size -= 1;
    }
    if (sums.size === 0) buckets.byStart.delete(start);
  }
}

function newSum(
  start: number,
  { organization, project, apiKey, user, model, kind, batch }: SettledEntry,
  counters: Readonly<Record<Counter, number>>,
): Sum {
  return { start, organization, project, apiKey, user, model, kind, batch, ...counters };
}

/** Lengths keep names apart, whatever is in them. */
function nameOf({ organization, project, apiKey, user, model, kind, batch }: SettledEntry): string {
  const lengths = `${organization?.length} ${project?.length} ${apiKey.length} ${user?.length}`;
  return `${lengths} ${batch} ${kind} ${organization}${project}${apiKey}${user}${model}`;
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
