import assert from "node:assert/strict";
import type { StoreRequirement } from "../store-requirement.ts";
import { insert, insertThings, listIds, part, thing, things } from "../things.ts";

export const sharingRequirements: readonly StoreRequirement[] = [
  {
    id: "store.shared.seen",
    title: "What one store has written, every other one on the database sees.",
    needs: ["shared"],
    async run({ store, open }) {
      const other = await open();
      await insertThings(store, 2, () => ({ labels: { a: "1" } }));
      assert.deepEqual(await listIds(other, { ...things, labels: { a: "1" } }), ["t1", "t2"]);
      await other.write([{ delete: thing("t1") }]);
      assert.equal(await store.get(thing("t1")), null);
    },
  },
  {
    id: "store.shared.lasting",
    title: "What was written is there when the database is opened again.",
    needs: ["shared"],
    async run({ store, open }) {
      await insertThings(store, 3);
      const before = await store.list(things);
      await store.close?.();
      assert.deepEqual(await (await open()).list(things), before);
    },
  },
  {
    id: "store.shared.one-winner",
    title: "Of writers in several stores that replace the same version or insert the same id, one succeeds.",
    needs: ["shared"],
    async run({ store, open }) {
      const stores = [store, await open(), await open()];
      await insertThings(store, 10);
      for (let i = 1; i <= 10; i += 1) {
        const replaced = stores.map((writer) =>
          writer.write([{ replace: { ...thing(`t${i}`), version: 1, data: i } }]),
        );
        const inserted = stores.map((writer) => writer.write([insert(thing(`n${i}`)), insert(thing(`m${i}`))]));
        for (const results of [await Promise.all(replaced), await Promise.all(inserted)]) {
          assert.equal(results.filter(Boolean).length, 1);
        }
      }
    },
  },
  {
    id: "store.shared.claims",
    title: "Of claims in several stores, no two get the same record.",
    needs: ["shared"],
    async run({ store, open }) {
      const stores = [store, await open(), await open()];
      await insertThings(store, 40, (i) => ({ dueAt: i }));
      const claimedBy = async (one: typeof store) => {
        const ids: string[] = [];
        for (let misses = 0; misses < 20; ) {
          const record = await one.claim("thing", 100, 1_000_000);
          if (record) ids.push(record.id);
          else misses += 1;
        }
        return ids;
      };
      const ids = (await Promise.all(stores.map(claimedBy))).flat();
      assert.equal(ids.length, 40);
      assert.equal(new Set(ids).size, 40);
    },
  },
  {
    id: "store.shared.orphans",
    title: "A child that is inserted while another store deletes its parent is refused, or deleted with it.",
    needs: ["shared"],
    async run({ store, open }) {
      const other = await open();
      for (let i = 0; i < 20; i += 1) {
        await store.write([insert(thing(`t${i}`)), insert(part(`t${i}`, "p0"))]);
        await Promise.all([
          store.write([{ delete: thing(`t${i}`) }]),
          other.write([insert(part(`t${i}`, "p1"), { dueAt: 1 })]),
          other.write([insert(part(`t${i}`, "p2"), { dueAt: 1 }), insert(part(`t${i}`, "p3"), { dueAt: 1 })]),
        ]);
        assert.equal(await other.get(part(`t${i}`, "p1")), null);
        assert.equal(await other.claim("thing.part", 1, 2), null);
        await store.write([insert(thing(`t${i}`))]);
        assert.deepEqual(await listIds(store, { ...things, collection: "thing.part", parent: `t${i}` }), []);
      }
    },
  },
  {
    id: "store.shared.growth",
    title: "Who follows a list that several stores add to misses nothing.",
    needs: ["shared"],
    async run({ store, open }) {
      const writers = [store, await open(), await open()];
      const reader = await open();
      let left = writers.length;
      const writing = writers.map(async (writer, w) => {
        for (let i = 0; i < 40; i += 1) await writer.write([insert(thing(`w${w}-${i}`))]);
        left -= 1;
      });
      const seen: string[] = [];
      for (let last = false; ; ) {
        const after = seen.at(-1);
        const page = await reader.list({ ...things, limit: 7, ...(after !== undefined && { after }) });
        seen.push(...(page?.records ?? []).map(({ id }) => id));
        if (page?.records.length) continue;
        if (last) break;
        last = left === 0;
        // A store that answers at once never lets the writers have their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(writing);
      assert.deepEqual(seen, await listIds(reader, { ...things, limit: 1000 }));
      assert.equal(seen.length, 120);
    },
  },
];
