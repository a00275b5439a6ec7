import assert from "node:assert/strict";
import type { StoreRequirement } from "../store-requirement.ts";
import { insert, insertThings, STRANGER, thing } from "../things.ts";

export const claimRequirements: readonly StoreRequirement[] = [
  {
    id: "store.claim",
    title: "A claim takes what has been due the longest, whoever owns it, and moves its time: nobody gets it before.",
    async run({ store }) {
      await store.write([insert(thing("later"), { dueAt: 300 })]);
      await store.write([insert({ ...thing("second"), owner: STRANGER }, { dueAt: 200 })]);
      await store.write([insert(thing("first"), { dueAt: 100, labels: { a: "1" } }), insert(thing("never"))]);
      await store.write([insert({ ...thing("other"), collection: "other" }, { dueAt: 1 })]);
      const first = await store.claim("thing", 250, 1000);
      assert.deepEqual(first, await store.get(thing("first")));
      assert.deepEqual([first?.id, first?.dueAt, first?.version, first?.labels], ["first", 1000, 2, { a: "1" }]);
      const second = await store.claim("thing", 250, 1000);
      assert.deepEqual([second?.id, second?.owner], ["second", STRANGER]);
      assert.equal(await store.claim("thing", 250, 1000), null);
      assert.equal((await store.claim("thing", 300, 2000))?.id, "later");
      assert.equal((await store.claim("thing", 1000, 2000))?.id, "second");
    },
  },
  {
    id: "store.claim.ties",
    title: "Of what is due at the same time, that which was inserted first is taken first.",
    async run({ store }) {
      await insertThings(store, 4, () => ({ dueAt: 5 }));
      await store.write([{ replace: { ...thing("t1"), version: 1, dueAt: null } }]);
      await store.write([{ replace: { ...thing("t1"), version: 2, dueAt: 5 } }]);
      for (const id of ["t1", "t2", "t3", "t4"]) assert.equal((await store.claim("thing", 5, 9))?.id, id);
    },
  },
  {
    id: "store.claim.exclusive",
    title: "Of many claims at once, no two get the same record.",
    async run({ store }) {
      await insertThings(store, 25, (i) => ({ dueAt: i }));
      const claimed = await Promise.all(Array.from({ length: 40 }, () => store.claim("thing", 100, 1_000_000)));
      const ids = claimed.flatMap((record) => (record ? [record.id] : []));
      assert.equal(new Set(ids).size, ids.length);
      // Who passes over what another is at may leave empty-handed; what is left is there to be claimed.
      for (;;) {
        const record = await store.claim("thing", 100, 1_000_000);
        if (!record) break;
        ids.push(record.id);
      }
      assert.deepEqual(ids.toSorted(), Array.from({ length: 25 }, (_, i) => `t${i + 1}`).toSorted());
    },
  },
  {
    id: "store.claim.version",
    title: "A claim fails the replacements of those who read the record before it.",
    async run({ store }) {
      await insertThings(store, 1, () => ({ dueAt: 1 }));
      const claimed = await store.claim("thing", 1, 2);
      assert.equal(await store.write([{ replace: { ...thing("t1"), version: 1, data: "lost" } }]), false);
      assert.equal(
        await store.write([{ replace: { ...thing("t1"), version: claimed?.version ?? 0, dueAt: null } }]),
        true,
      );
      assert.equal(await store.claim("thing", 10, 20), null);
    },
  },
];
