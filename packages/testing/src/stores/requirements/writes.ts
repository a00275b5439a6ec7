import assert from "node:assert/strict";
import type { StoreRequirement } from "../store-requirement.ts";
import { idsOf, insert, insertThings, listIds, part, thing, things } from "../things.ts";

export const writeRequirements: readonly StoreRequirement[] = [
  {
    id: "store.insert.once",
    title: "An id is inserted once; the second write changes nothing.",
    async run({ store }) {
      assert.equal(await store.write([insert(thing("t1"), { data: 1 })]), true);
      assert.equal(await store.write([insert(thing("t1"), { data: 2 })]), false);
      assert.deepEqual((await store.get(thing("t1")))?.data, 1);
      assert.equal(await store.write([{ delete: thing("t1") }, insert(thing("t1"), { data: 3 })]), true);
      assert.deepEqual((await store.get(thing("t1")))?.data, 3);
    },
  },
  {
    id: "store.replace",
    title: "A replacement changes what it names and keeps the rest; the version goes up by one.",
    async run({ store }) {
      await store.write([insert(thing("t1"), { createdAt: 5, labels: { a: "1" }, dueAt: 10, data: "first" })]);
      const before = await store.get(thing("t1"));
      const replacements = [{ data: "second" }, { labels: { b: "2" } }, { dueAt: null }, {}, { data: null, dueAt: 4 }];
      let expected = before;
      for (const [i, replacement] of replacements.entries()) {
        assert.equal(await store.write([{ replace: { ...thing("t1"), version: i + 1, ...replacement } }]), true);
        expected = { ...(expected as NonNullable<typeof expected>), ...replacement, version: i + 2 };
        assert.deepEqual(await store.get(thing("t1")), expected);
      }
    },
  },
  {
    id: "store.replace.version",
    title: "A replacement of another version than the record has, or of no record, fails.",
    async run({ store }) {
      await insertThings(store, 1);
      for (const version of [0, 2, -1]) {
        assert.equal(await store.write([{ replace: { ...thing("t1"), version, data: 1 } }]), false);
      }
      assert.equal(await store.write([{ replace: { ...thing("t2"), version: 1, data: 1 } }]), false);
      assert.equal((await store.get(thing("t1")))?.version, 1);
    },
  },
  {
    id: "store.replace.one-winner",
    title: "Of many writers that replace the same version at once, one succeeds.",
    async run({ store }) {
      await insertThings(store, 1);
      const writers = Array.from({ length: 20 }, (_, i) =>
        store.write([{ replace: { ...thing("t1"), version: 1, data: i } }]),
      );
      const won = (await Promise.all(writers)).flatMap((ok, i) => (ok ? [i] : []));
      assert.equal(won.length, 1);
      const found = await store.get(thing("t1"));
      assert.deepEqual([found?.data, found?.version], [won[0], 2]);
    },
  },
  {
    id: "store.replace.labels",
    title: "A record is found by the labels that it has now, and by none that it had.",
    async run({ store }) {
      await insertThings(store, 2, () => ({ labels: { a: "1", b: "1" } }));
      await store.write([{ replace: { ...thing("t1"), version: 1, labels: { a: "2", c: "1" } } }]);
      assert.deepEqual(await listIds(store, { ...things, labels: { a: "1" } }), ["t2"]);
      assert.deepEqual(await listIds(store, { ...things, labels: { b: "1" } }), ["t2"]);
      assert.deepEqual(await listIds(store, { ...things, labels: { a: "2", c: "1" } }), ["t1"]);
      await store.write([{ replace: { ...thing("t1"), version: 2, labels: {} } }]);
      assert.deepEqual(await listIds(store, { ...things, labels: { c: "1" } }), []);
    },
  },
  {
    id: "store.delete",
    title: "A deleted record is gone from everywhere, and deleting it again changes nothing.",
    async run({ store }) {
      await insertThings(store, 3, () => ({ labels: { a: "1" }, dueAt: 1 }));
      assert.equal(await store.write([{ delete: thing("t2") }]), true);
      assert.equal(await store.write([{ delete: thing("t2") }]), true);
      assert.equal(await store.get(thing("t2")), null);
      assert.deepEqual(await listIds(store, things), ["t1", "t3"]);
      assert.deepEqual(await listIds(store, { ...things, labels: { a: "1" } }), ["t1", "t3"]);
      assert.equal(await store.list({ ...things, after: "t2" }), null);
      const claimed = [
        await store.claim("thing", 1, 2),
        await store.claim("thing", 1, 2),
        await store.claim("thing", 1, 2),
      ];
      assert.deepEqual(
        claimed.map((record) => record?.id),
        ["t1", "t3", undefined],
      );
    },
  },
  {
    id: "store.write.atomic",
    title: "A write of which one change fails changes nothing, wherever in it that change is.",
    async run({ store }) {
      await insertThings(store, 2, () => ({ labels: { a: "1" } }));
      const before = await store.list(things);
      const good = [
        insert(thing("new"), { labels: { a: "1" } }),
        { replace: { ...thing("t1"), version: 1, labels: { a: "2" }, data: 2 } },
        { delete: thing("t2") },
      ];
      const bad = { replace: { ...thing("t1"), version: 9 } };
      for (let at = 0; at <= good.length; at += 1) assert.equal(await store.write(good.toSpliced(at, 0, bad)), false);
      assert.deepEqual(await store.list(things), before);
      assert.deepEqual(await listIds(store, { ...things, labels: { a: "1" } }), ["t1", "t2"]);
    },
  },
  {
    id: "store.write.order",
    title: "The changes of a write are made in their order, each upon those before it.",
    async run({ store }) {
      const ok = await store.write([
        insert(thing("t1"), { data: 1 }),
        { replace: { ...thing("t1"), version: 1, data: 2 } },
        { replace: { ...thing("t1"), version: 2, data: 3 } },
        insert(thing("t2")),
        { delete: thing("t2") },
        insert(thing("t3")),
      ]);
      assert.equal(ok, true);
      const page = await store.list(things);
      assert.deepEqual(idsOf(page), ["t1", "t3"]);
      assert.deepEqual([page?.records[0]?.data, page?.records[0]?.version], [3, 3]);
    },
  },
  {
    id: "store.write.neighbours",
    title: "Writes that are under way together do not share their failures.",
    async run({ store }) {
      await insertThings(store, 1);
      const writes = Array.from({ length: 30 }, (_, i) =>
        store.write([insert(thing(`n${i}`)), i % 3 === 0 ? insert(thing("t1")) : insert(thing(`m${i}`))]),
      );
      const results = await Promise.all(writes);
      for (const [i, ok] of results.entries()) {
        assert.equal(ok, i % 3 !== 0);
        assert.equal((await store.get(thing(`n${i}`))) !== null, ok);
      }
    },
  },
  {
    id: "store.write.families",
    title:
      "Writes under way together that insert parents with their children are each whole, and none the worse for one that fails.",
    async run({ store }) {
      await store.write([insert(thing("taken")), insert(part("taken", "p1"))]);
      const family = (id: string) => [insert(thing(id)), insert(part(id, "p1")), insert(part(id, "p2"))];
      const results = await Promise.all([
        store.write(family("t1")),
        store.write(family("taken")),
        store.write(family("t2")),
        store.write([insert(thing("t3")), insert(part("nobody", "p1"))]),
        store.write([insert(part("taken", "p2")), insert(part("taken", "p3"))]),
        store.write(family("t4")),
      ]);
      assert.deepEqual(results, [true, false, true, false, true, true]);
      const early = await Promise.all([store.write(family("t5")), store.write(family("early").reverse())]);
      assert.deepEqual(early, [true, false]);
      assert.deepEqual(await listIds(store, things), ["taken", "t1", "t2", "t4", "t5"]);
      const parts = { ...things, collection: "thing.part" };
      assert.deepEqual(await listIds(store, { ...parts, parent: "taken" }), ["p1", "p2", "p3"]);
      for (const parent of ["t1", "t2", "t4"])
        assert.deepEqual(await listIds(store, { ...parts, parent }), ["p1", "p2"]);
    },
  },
  {
    id: "store.write.bad-data",
    title: "What is no JSON fails its own write, and none that is under way with it.",
    async run({ store }) {
      const cyclic: Record<string, unknown> = {};
      cyclic.self = cyclic;
      const results = await Promise.allSettled([
        store.write([insert(thing("t1"))]),
        store.write([insert(thing("t2"), { data: cyclic })]),
        store.write([insert(thing("t3"))]),
        store.write([insert(thing("t4"), { data: () => {} })]),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "rejected"],
      );
      assert.deepEqual(await listIds(store, things), ["t1", "t3"]);
    },
  },
  {
    id: "store.write.nothing",
    title: "A write of no changes succeeds.",
    async run({ store }) {
      assert.equal(await store.write([]), true);
    },
  },
];
