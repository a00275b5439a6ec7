import assert from "node:assert/strict";
import type { StoreRequirement } from "../store-requirement.ts";
import { insert, listIds, OWNER, part, STRANGER, thing, things } from "../things.ts";

const parts = (parent: string) => ({ ...things, collection: "thing.part", parent });

export const parentRequirements: readonly StoreRequirement[] = [
  {
    id: "store.parents",
    title: "A child is inserted only where its parent is, which is the same owner's.",
    async run({ store }) {
      assert.equal(await store.write([insert(part("t1", "p1"))]), false);
      await store.write([insert({ ...thing("t1"), owner: STRANGER })]);
      assert.equal(await store.write([insert(part("t1", "p1"))]), false);
      assert.equal(await store.write([insert(part("t1", "p1")), insert(thing("t1"))]), false);
      assert.equal(await store.write([insert(thing("t1")), insert(part("t1", "p1"))]), true);
      assert.equal((await store.get(part("t1", "p1")))?.parent, "t1");
    },
  },
  {
    id: "store.parents.lists",
    title: "Each parent has lists of its own, by which its children are found, and an id may be in several.",
    async run({ store }) {
      await store.write([insert(thing("t1")), insert(thing("t2"))]);
      await store.write([insert(part("t1", "p1"), { labels: { a: "1" } }), insert(part("t1", "p2"))]);
      await store.write([insert(part("t2", "p1"), { labels: { a: "1" }, data: "other" })]);
      assert.deepEqual(await listIds(store, parts("t1")), ["p1", "p2"]);
      assert.deepEqual(await listIds(store, { ...parts("t1"), labels: { a: "1" } }), ["p1"]);
      assert.deepEqual(await listIds(store, { ...parts("t1"), after: "p1" }), ["p2"]);
      assert.deepEqual((await store.get(part("t2", "p1")))?.data, "other");
      assert.deepEqual(await listIds(store, things), ["t1", "t2"]);
      assert.deepEqual(await listIds(store, parts("none")), []);
      assert.equal(await store.list({ ...parts("t2"), after: "p2" }), null);
    },
  },
  {
    id: "store.parents.delete",
    title: "A parent is deleted with its children: they are not there to get, list, replace or claim.",
    async run({ store }) {
      await store.write([insert(thing("t1")), insert(thing("t2")), insert(part("t2", "p1"))]);
      await store.write([insert(part("t1", "p1"), { dueAt: 1, labels: { a: "1" } }), insert(part("t1", "p2"))]);
      assert.equal(await store.write([{ delete: thing("t1") }]), true);
      assert.equal(await store.get(part("t1", "p1")), null);
      assert.deepEqual(await listIds(store, parts("t1")), []);
      assert.equal(await store.list({ ...parts("t1"), after: "p1" }), null);
      assert.equal(await store.write([{ replace: { ...part("t1", "p1"), version: 1, data: 1 } }]), false);
      assert.equal(await store.claim("thing.part", 1, 2), null);
      assert.notEqual(await store.get(part("t2", "p1")), null);
    },
  },
  {
    id: "store.parents.anew",
    title: "A parent that is made again under the same id has none of the children of the former one.",
    async run({ store }) {
      await store.write([insert(thing("t1")), insert(part("t1", "p1"), { labels: { a: "1" } })]);
      await store.write([
        { delete: thing("t1") },
        insert(thing("t1")),
        insert(part("t1", "p2"), { labels: { a: "1" } }),
      ]);
      assert.deepEqual(await listIds(store, parts("t1")), ["p2"]);
      assert.deepEqual(await listIds(store, { ...parts("t1"), labels: { a: "1" } }), ["p2"]);
      assert.equal(await store.write([insert(part("t1", "p1"))]), true);
    },
  },
  {
    id: "store.parents.kinds",
    title:
      "Records of two kinds may have one id: the children of one are not the other's, and stay when it is deleted.",
    async run({ store }) {
      const job = { collection: "job", owner: OWNER, id: "t1" };
      await store.write([insert(job), insert(thing("t1")), insert(part("t1", "p1"))]);
      await store.write([{ delete: job }]);
      assert.notEqual(await store.get(part("t1", "p1")), null);
    },
  },
  {
    id: "store.parents.many",
    title: "A parent of hundreds of children is deleted with all of them.",
    async run({ store }) {
      await store.write([insert(thing("t1"))]);
      for (let i = 0; i < 5; i += 1) {
        await store.write(Array.from({ length: 100 }, (_, j) => insert(part("t1", `p${i}-${j}`), { dueAt: 1 })));
      }
      await store.write([{ delete: thing("t1") }, insert(thing("t1"))]);
      assert.deepEqual(await listIds(store, parts("t1")), []);
      assert.equal(await store.claim("thing.part", 1, 2), null);
    },
  },
];
