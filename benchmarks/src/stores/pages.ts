import type { ListQuery, Store } from "@outlet/core";
import { COLLECTION, idOf, OFTEN, OWNER, RARE, SMALL_OWNER } from "./fill.ts";

/** A kind of page, made for a store of so many records. */
type Page = (count: number) => ListQuery;

const list = { collection: COLLECTION, owner: OWNER, order: "desc", limit: 20 } as const;
const middle = (count: number) => idOf(Math.floor(count / 2));

export const PAGES: Readonly<Record<string, Page>> = {
  "first page": () => list,
  "first page, ascending": () => ({ ...list, order: "asc" }),
  "page in the middle": (count) => ({ ...list, after: middle(count) }),
  "page before the middle": (count) => ({ ...list, before: middle(count) }),
  "filter, first page": () => ({ ...list, labels: RARE, limit: 5 }),
  "filter, page in the middle": (count) => ({ ...list, labels: RARE, limit: 5, after: middle(count) }),
  "two filters, first page": () => ({ ...list, labels: { ...RARE, model: "gpt-small" }, limit: 5 }),
  "two filters, page in the middle": (count) => ({
    ...list,
    labels: { ...RARE, model: "gpt-small" },
    limit: 5,
    after: middle(count),
  }),
  "three filters, first page": () => ({ ...list, labels: { ...RARE, ...OFTEN, model: "gpt-small" }, limit: 1 }),
  "another project's whole list": () => ({ ...list, owner: SMALL_OWNER }),
};

const ROUNDS = 25;
const PAGES_A_ROUND = 20;

export interface Filled {
  readonly store: Store;
  readonly count: number;
}

/**
 * Microseconds for each page of each store, in the fastest of interleaved rounds: what else the machine does makes pages slower,
 * and never faster.
 */
export async function measurePages(stores: readonly Filled[]): Promise<Map<string, number[]>> {
  const times = new Map(Object.keys(PAGES).map((name) => [name, stores.map((): number[] => [])]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, page] of Object.entries(PAGES)) {
      for (const [i, { store, count }] of stores.entries()) {
        const micros = await timed(store, page(count));
        // The first round warms up.
        if (round > 0) times.get(name)?.[i]?.push(micros);
      }
    }
  }
  return new Map([...times].map(([name, columns]) => [name, columns.map((times) => Math.min(...times))]));
}

async function timed(store: Store, query: ListQuery): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < PAGES_A_ROUND; i += 1) {
    const page = await store.list(query);
    if (!page?.records.length) throw new Error(`An empty page: ${JSON.stringify(query)}`);
  }
  return ((performance.now() - start) * 1000) / PAGES_A_ROUND;
}
