import assert from "node:assert/strict";
import type { Store } from "@outlet/core";
import type { StoreRequirement } from "../store-requirement.ts";
import { insert, insertThings, listIds, part, STRANGER, thing, things } from "../things.ts";

/** Nothing that is alive is erased however often it is asked for. */
async function expireAll(store: Store, now: number): Promise<number> {
  let all = 0;
  for (let expired = await store.expire(now); expired > 0; expired = await store.expire(now)) all += expired;
  return all;
}

const labelsOf = (i: number) => ({ labels: { odd: String(i % 2), all: "yes" } });

export const expiryRequirements: readonly StoreRequirement[] = [
  {
    id: "store.expiry.get",
    title: "Who asks for what is alive is given no record from the second on in which it expires, erased or not.",
    async run({ store }) {
      await store.write([insert(thing("t1"), { expiresAt: 100 }), insert(thing("t2"))]);
      const alive = await store.get({ ...thing("t1"), aliveAt: 99 });
      assert.deepEqual(alive, await store.get(thing("t1")));
      assert.equal(alive?.id, "t1");
      assert.equal(await store.get({ ...thing("t1"), aliveAt: 100 }), null);
      assert.equal((await store.get({ ...thing("t2"), aliveAt: Number.MAX_SAFE_INTEGER - 1 }))?.id, "t2");
    },
  },
  {
    id: "store.expiry.list",
    title: "A list of what is alive has no record that has expired, wherever it stands, and says so of what goes on.",
    async run({ store }) {
      // 1, 2 and 4 expire; 3 lasts longer, though it is older than 4; 5 and 6 do not expire.
      const expiries = [10, 20, 90, 30];
      await insertThings(store, 6, (i) => ({ ...labelsOf(i), expiresAt: expiries[i - 1] ?? null }));
      const pages = [
        [{ aliveAt: 9 }, ["t1", "t2", "t3", "t4", "t5", "t6"], false],
        [{ aliveAt: 10, limit: 2 }, ["t2", "t3"], true],
        [{ aliveAt: 30 }, ["t3", "t5", "t6"], false],
        [{ aliveAt: 30, limit: 1 }, ["t3"], true],
        [{ aliveAt: 30, limit: 2, after: "t3" }, ["t5", "t6"], false],
        [{ aliveAt: 30, limit: 3, order: "desc" }, ["t6", "t5", "t3"], false],
        [{ aliveAt: 30, limit: 1, before: "t5" }, ["t3"], false],
        [{ aliveAt: 30, labels: { odd: "1" } }, ["t3", "t5"], false],
        [{ aliveAt: 30, labels: { odd: "1" }, limit: 1 }, ["t3"], true],
        [{ aliveAt: 30, labels: { odd: "0" }, limit: 1 }, ["t6"], false],
        [{ aliveAt: 30, labels: { odd: "1", all: "yes" }, limit: 1 }, ["t3"], true],
        [{ aliveAt: 30, labels: { odd: "0", all: "yes" }, limit: 1, order: "desc" }, ["t6"], false],
        [{ aliveAt: 30, labels: { odd: "0", all: "yes" } }, ["t6"], false],
        [{ aliveAt: 90, labels: { odd: "1", all: "yes" } }, ["t5"], false],
        [{}, ["t1", "t2", "t3", "t4", "t5", "t6"], false],
      ] as const;
      for (const [query, ids, hasMore] of pages) {
        const page = await store.list({ ...things, ...query });
        assert.deepEqual([page?.records.map(({ id }) => id), page?.hasMore], [ids, hasMore], JSON.stringify(query));
      }
      assert.equal(await store.list({ ...things, aliveAt: 30, after: "t1" }), null);
      assert.equal(await store.list({ ...things, aliveAt: 30, before: "t4" }), null);
      assert.deepEqual(await listIds(store, { ...things, aliveAt: 30, after: "t3" }), ["t5", "t6"]);
    },
  },
  {
    id: "store.expiry.erase",
    title: "What has expired is erased whoever owns it, in any collection, and nothing else is.",
    async run({ store }) {
      await insertThings(store, 3, (i) => ({ ...labelsOf(i), expiresAt: i * 10 }));
      await store.write([insert({ ...thing("theirs"), owner: STRANGER }, { expiresAt: 20 })]);
      await store.write([insert({ ...thing("other"), collection: "other" }, { expiresAt: 5 })]);
      await store.write([insert(thing("t4"), { ...labelsOf(4), dueAt: 1 })]);
      assert.equal(await expireAll(store, 4), 0);
      assert.equal(await expireAll(store, 20), 4);
      assert.deepEqual(await listIds(store, things), ["t3", "t4"]);
      assert.deepEqual(await listIds(store, { ...things, labels: { odd: "0" } }), ["t4"]);
      assert.deepEqual(await listIds(store, { ...things, labels: { all: "yes", odd: "1" } }), ["t3"]);
      assert.deepEqual(await listIds(store, { ...things, owner: STRANGER }), []);
      assert.equal(await store.get({ ...thing("other"), collection: "other" }), null);
      assert.equal(await expireAll(store, Number.MAX_SAFE_INTEGER - 1), 1);
      assert.deepEqual(await listIds(store, things), ["t4"]);
      assert.equal((await store.claim("thing", 1, 2))?.id, "t4");
    },
  },
  {
    id: "store.expiry.order",
    title: "Those that expired first are erased first, a bounded number at a time.",
    async run({ store }) {
      const COUNT = 700;
      const changes = Array.from({ length: COUNT }, (_, i) => insert(thing(`t${i}`), { expiresAt: COUNT - i }));
      for (let from = 0; from < COUNT; from += 100) await store.write(changes.slice(from, from + 100));
      const first = await store.expire(COUNT);
      assert.ok(first > 0 && first < COUNT, `${first} at once`);
      const left = await listIds(store, { ...things, limit: COUNT });
      assert.deepEqual(
        left,
        Array.from({ length: COUNT - first }, (_, i) => `t${i}`),
      );
      assert.equal(await expireAll(store, COUNT), COUNT - first);
    },
  },
  {
    id: "store.expiry.children",
    title: "A record is erased with everything whose parent it is, and one that is made anew has none of it.",
    async run({ store }) {
      await store.write([insert(thing("t1"), { expiresAt: 10 }), insert(thing("t2"), { expiresAt: 11 })]);
      for (let i = 0; i < 3; i += 1) {
        const children = Array.from({ length: 100 }, (_, j) => insert(part("t1", `p${i}-${j}`), { dueAt: 1 }));
        await store.write(children);
      }
      await store.write([insert(part("t2", "p1"))]);
      assert.equal(await expireAll(store, 10), 1);
      assert.equal(await store.get(part("t1", "p0-0")), null);
      assert.equal(await store.claim("thing.part", 1, 2), null);
      assert.notEqual(await store.get(part("t2", "p1")), null);
      assert.equal(await store.write([insert(part("t1", "p1"))]), false);
      await store.write([insert(thing("t1"))]);
      assert.deepEqual(await listIds(store, { ...things, collection: "thing.part", parent: "t1" }), []);
    },
  },
  {
    id: "store.expiry.replace",
    title: "A replacement changes when a record expires, or that it does, only where it says so.",
    async run({ store }) {
      await insertThings(store, 3, () => ({ expiresAt: 10 }));
      await store.write([insert(thing("t4"))]);
      await store.write([{ replace: { ...thing("t1"), version: 1, data: "changed" } }]);
      await store.write([{ replace: { ...thing("t2"), version: 1, expiresAt: null } }]);
      await store.write([{ replace: { ...thing("t3"), version: 1, expiresAt: 20 } }]);
      await store.write([{ replace: { ...thing("t4"), version: 1, expiresAt: 15 } }]);
      assert.deepEqual(await listIds(store, { ...things, aliveAt: 10 }), ["t2", "t3", "t4"]);
      assert.equal(await expireAll(store, 15), 2);
      assert.deepEqual(await listIds(store, things), ["t2", "t3"]);
      assert.equal(await expireAll(store, 20), 1);
      assert.deepEqual(await listIds(store, things), ["t2"]);
    },
  },
  {
    id: "store.expiry.shared",
    title:
      "Several stores may erase at once, beside one that writes: each record is erased once, and none that is alive.",
    needs: ["shared"],
    async run({ store, open }) {
      const others = [await open(), await open()];
      const writer = await open();
      for (let from = 0; from < 300; from += 50) {
        await store.write(Array.from({ length: 50 }, (_, i) => insert(thing(`t${from + i}`), { expiresAt: 10 })));
      }
      const saved = Array.from({ length: 30 }, (_, i) => `t${i * 10}`);
      const saving = Promise.all(
        saved.map((id) => writer.write([{ replace: { ...thing(id), version: 1, expiresAt: null } }])),
      );
      const [erased, ...more] = await Promise.all([store, ...others].map((one) => expireAll(one, 10)));
      const kept = (await saving).filter(Boolean).length;
      const late = await expireAll(store, 10);
      assert.equal((erased ?? 0) + more.reduce((sum, one) => sum + one, 0) + late, 300 - kept);
      assert.equal((await listIds(store, { ...things, limit: 400 }))?.length, kept);
    },
  },
];
