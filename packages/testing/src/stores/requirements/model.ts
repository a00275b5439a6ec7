import assert from "node:assert/strict";
import {
  type Change,
  createMemoryStore,
  type ListQuery,
  type RecordKey,
  type RecordQuery,
  type Store,
} from "@outlet/core";
import fc from "fast-check";
import type { StoreRequirement } from "../store-requirement.ts";

const RUNS = 40;

const owner = fc.constantFrom("one", "two", "\u0000");
const id = fc.constantFrom("a", "b", "c");
const label = fc.constantFrom("1", "2");
const labels = fc.record({ x: label, y: label, z: label }, { requiredKeys: [] });
const dueAt = fc.option(fc.integer({ min: 0, max: 50 }), { nil: null });
const expiresAt = dueAt;
/** As fast-check's `binary`, without its table of all code points, which takes half a second to build wherever the kit is imported. */
const codePoint = fc
  .nat(0x10ffff)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));
const data = fc.oneof(fc.integer(), fc.string({ unit: codePoint, maxLength: 5 }), fc.constant(null));
const key: fc.Arbitrary<RecordKey> = fc.oneof(
  fc.record({ collection: fc.constantFrom("thing", "job"), owner, id }),
  fc.record({ collection: fc.constantFrom("thing.part", "thing.step"), owner, parent: id, id }),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(key, labels, dueAt, expiresAt, data).map(([at, labels, dueAt, expiresAt, data]) => ({
      insert: { ...at, createdAt: 1, labels, dueAt, expiresAt, data },
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(key, fc.integer({ min: 1, max: 3 }), fc.record({ labels, dueAt, expiresAt, data }, { requiredKeys: [] }))
      .map(([at, version, what]) => ({ replace: { ...at, version, ...what } })),
  },
  key.map((at) => ({ delete: at })),
);

const query: fc.Arbitrary<ListQuery> = fc
  .record(
    {
      at: key,
      order: fc.constantFrom("asc", "desc"),
      limit: fc.integer({ min: 1, max: 4 }),
      labels,
      aliveAt: fc.integer({ min: 0, max: 60 }),
      after: id,
      before: id,
    },
    { requiredKeys: ["at", "order", "limit"] },
  )
  .map(({ at: { id: _, ...list }, ...rest }) => ({ ...list, ...rest }));

const aliveOrNot = (at: RecordKey): fc.Arbitrary<RecordQuery> =>
  fc.oneof(
    fc.constant(at),
    fc.integer({ min: 0, max: 60 }).map((aliveAt) => ({ ...at, aliveAt })),
  );

type Step =
  | { readonly write: readonly Change[] }
  | { readonly list: ListQuery }
  | { readonly get: RecordQuery }
  | { readonly claim: number }
  | { readonly expire: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.array(change, { maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ list: query }) },
  { weight: 1, arbitrary: fc.record({ get: key.chain(aliveOrNot) }) },
  { weight: 1, arbitrary: fc.record({ claim: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ expire: fc.integer({ min: 0, max: 30 }) }) },
);

/** What a step gave; positions, which every store counts in its own way, are left to the order of the lists. */
async function take(store: Store, taken: Step, thing: string): Promise<unknown> {
  if ("write" in taken) return store.write(taken.write);
  if ("list" in taken) {
    const page = await store.list(taken.list);
    return page && { ...page, records: page.records.map(withoutPosition) };
  }
  if ("expire" in taken) {
    // How many are erased at a time is for each store to say.
    while ((await store.expire(taken.expire)) > 0);
    return null;
  }
  const record = "get" in taken ? await store.get(taken.get) : await store.claim(thing, taken.claim, taken.claim + 10);
  return record && withoutPosition(record);
}

function withoutPosition({ position: _, ...rest }: { position: number }): object {
  return rest;
}

/** The step on collections that a run has for itself: the store is one for all runs. */
function inRun(taken: Step, run: number): Step {
  return JSON.parse(JSON.stringify(taken), (name, value) => {
    return name === "collection" ? value.replace(/^\w+/, `$&${run}`) : value;
  });
}

export const modelRequirements: readonly StoreRequirement[] = [
  {
    id: "store.model",
    title: "Any sequence of calls gives what it gives on the memory store, which is the reference.",
    async run({ store }) {
      const model = createMemoryStore();
      let run = 0;
      const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        run += 1;
        for (const taken of steps.map((one) => inRun(one, run))) {
          const thing = `thing${run}`;
          assert.deepEqual(await take(store, taken, thing), await take(model, taken, thing));
        }
      });
      await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: 20_000 });
    },
  },
];
