import { addCounters, BUCKET_WIDTHS, bucketStart, countersOf } from "@outlet/core";
import type { NewEntry } from "../ledger/entries.ts";
import type { Settled } from "../ledger/group.ts";
import type { UsageTable } from "../ledger/tables.ts";

/** What entries add to each bucket, every bucket once, in one order: no two transactions wait for each other. */
export function sumsOf(settled: readonly Settled[], entries: readonly NewEntry[]): UsageTable[] {
  const sums = new Map<string, UsageTable>();
  for (const [i, { settlement }] of settled.entries()) {
    const counters = countersOf(settlement);
    const series = entries[i]?.series;
    if (!counters || series === undefined) continue;
    for (const width of BUCKET_WIDTHS) {
      const start = bucketStart(settlement.settledAt, width);
      const name = `${width} ${start} ${series}`;
      const sum = sums.get(name);
      if (sum) addCounters(sum, counters);
      else sums.set(name, { width, start, series, ...counters });
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
