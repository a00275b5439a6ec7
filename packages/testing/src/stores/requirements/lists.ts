import assert from "node:assert/strict";
import type { ListQuery } from "@outlet/core";
import type { StoreRequirement } from "../store-requirement.ts";
import { idsOf, insertThings, listIds, thing, things } from "../things.ts";

/** Query, ids of the page, whether the list goes on; of six things, the odd ones labelled. */
const PAGES: readonly (readonly [Partial<ListQuery>, readonly string[], boolean])[] = [
  [{ limit: 2 }, ["t1", "t2"], true],
  [{ limit: 6 }, ["t1", "t2", "t3", "t4", "t5", "t6"], false],
  [{ limit: 2, order: "desc" }, ["t6", "t5"], true],
  [{ limit: 2, after: "t2" }, ["t3", "t4"], true],
  [{ limit: 2, after: "t4" }, ["t5", "t6"], false],
  [{ limit: 2, after: "t6" }, [], false],
  [{ limit: 2, after: "t5", order: "desc" }, ["t4", "t3"], true],
  [{ limit: 2, after: "t3", order: "desc" }, ["t2", "t1"], false],
  [{ limit: 2, before: "t5" }, ["t3", "t4"], true],
  [{ limit: 2, before: "t3" }, ["t1", "t2"], false],
  [{ limit: 2, before: "t1" }, [], false],
  [{ limit: 2, before: "t3", order: "desc" }, ["t5", "t4"], true],
  [{ limit: 2, before: "t4", order: "desc" }, ["t6", "t5"], false],
  [{ limit: 9, after: "t2", before: "t5" }, ["t3", "t4"], false],
  [{ limit: 1, after: "t2", before: "t5" }, ["t3"], true],
  [{ limit: 1, after: "t5", before: "t2", order: "desc" }, ["t4"], true],
  [{ limit: 9, after: "t5", before: "t2" }, [], false],
  [{ limit: 9, labels: { odd: "1" } }, ["t1", "t3", "t5"], false],
  [{ limit: 1, labels: { odd: "1" }, after: "t1" }, ["t3"], true],
  [{ limit: 1, labels: { odd: "1" }, after: "t2", order: "desc" }, ["t1"], false],
  [{ limit: 1, labels: { odd: "1" }, before: "t6" }, ["t5"], true],
  [{ limit: 9, labels: { odd: "0", third: "0" }, order: "desc" }, ["t6"], false],
  [{ limit: 9, labels: { odd: "1", third: "1" } }, ["t1"], false],
  [{ limit: 9, labels: { odd: "1", third: "2", all: "yes" } }, ["t5"], false],
  [{ limit: 1, labels: { odd: "1", all: "yes" }, after: "t1" }, ["t3"], true],
  [{ limit: 1, labels: { odd: "1", all: "yes" }, before: "t5" }, ["t3"], true],
  [{ limit: 9, labels: { odd: "1", all: "yes" }, after: "t1", before: "t5" }, ["t3"], false],
  [{ limit: 9, labels: { odd: "1", all: "yes" }, after: "t6", order: "desc" }, ["t5", "t3", "t1"], false],
  [{ limit: 9, labels: { odd: "1", all: "no" } }, [], false],
  [{ limit: 9, labels: { odd: "2" } }, [], false],
  [{ limit: 9, labels: { none: "" } }, [], false],
];

const FILTERS: readonly Readonly<Record<string, string>>[] = [{}, { all: "yes" }, { odd: "1", all: "yes" }];

const labelsOf = (i: number) => ({ labels: { odd: String(i % 2), third: String(i % 3), all: "yes" } });

export const listRequirements: readonly StoreRequirement[] = [
  {
    id: "store.list.pages",
    title: "Pages follow cursors in both directions and orders, with filters, and say whether the list goes on.",
    async run({ store }) {
      await insertThings(store, 6, labelsOf);
      for (const [query, ids, hasMore] of PAGES) {
        const page = await store.list({ ...things, ...query });
        assert.deepEqual([idsOf(page), page?.hasMore], [ids, hasMore], JSON.stringify(query));
      }
    },
  },
  {
    id: "store.list.records",
    title: "A page has whole records, positions ascending in the order in which they were inserted.",
    async run({ store }) {
      await insertThings(store, 3, labelsOf);
      await store.write([{ replace: { ...thing("t1"), version: 1, data: "replaced" } }]);
      for (const labels of FILTERS) {
        const page = await store.list({ ...things, labels });
        assert.ok(page && page.records.length >= 2);
        for (const record of page.records) assert.deepEqual(record, await store.get(thing(record.id)));
        const positions = page.records.map(({ position }) => position);
        assert.deepEqual(
          positions,
          positions.toSorted((a, b) => a - b),
        );
      }
    },
  },
  {
    id: "store.list.cursor",
    title: "A cursor that is not in the list is told from an empty page.",
    async run({ store }) {
      await insertThings(store, 2, labelsOf);
      assert.equal(await store.list({ ...things, after: "none" }), null);
      assert.equal(await store.list({ ...things, before: "none" }), null);
      assert.equal(await store.list({ ...things, after: "t1", before: "none" }), null);
      assert.equal(await store.list({ ...things, collection: "empty", after: "t1" }), null);
      assert.deepEqual(await store.list({ ...things, collection: "empty" }), { records: [], hasMore: false });
    },
  },
  {
    id: "store.list.walk",
    title:
      "Whoever follows a list page by page, either way, sees every record once, also of those deleted meanwhile none twice.",
    async run({ store }) {
      await insertThings(store, 30, labelsOf);
      for (const order of ["asc", "desc"] as const) {
        for (const labels of FILTERS) {
          const whole = await listIds(store, { ...things, order, labels });
          const walked: string[] = [];
          let page = await store.list({ ...things, order, labels, limit: 4 });
          while (page?.records.length) {
            walked.push(...page.records.map(({ id }) => id));
            page = await store.list({ ...things, order, labels, limit: 4, after: walked.at(-1) as string });
          }
          assert.deepEqual(walked, whole);
        }
      }
    },
  },
];
