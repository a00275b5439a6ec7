import assert from "node:assert/strict";
import { call, credit, enforced, entry, settlement, standing } from "../calls.ts";
import type { LedgerRequirement } from "../ledger-requirement.ts";

export const sharedLedgerRequirements: readonly LedgerRequirement[] = [
  {
    id: "ledger.shared.exact",
    title: "Of 500 calls at once through several ledgers, a credit for 100 lets exactly 100 through.",
    needs: ["shared"],
    async run({ ledger, open }) {
      const ledgers = [ledger, await open(), await open()];
      await ledger.setBudget(credit(1000));
      const opened = await Promise.all(
        Array.from({ length: 500 }, (_, i) => {
          const one = ledgers[i % ledgers.length] ?? ledger;
          return one.open(entry(`e${i}`, { reserved: 10 }), enforced);
        }),
      );
      assert.equal(opened.filter((full) => full === null).length, 100);
      assert.deepEqual(await standing(ledger), { spent: 0, reserved: 1000 });
    },
  },
  {
    id: "ledger.shared.sums",
    title: "What several ledgers settle at once is added up without loss.",
    needs: ["shared"],
    async run({ ledger, open }) {
      const ledgers = [ledger, await open(), await open()];
      await ledger.setBudget(credit(1_000_000));
      const calls = Array.from({ length: 150 }, (_, i) =>
        call(ledgers[i % ledgers.length] ?? ledger, entry(`e${i}`, { project: `p${i % 4}` }), 3),
      );
      await Promise.all(calls);
      const now = Date.now() / 1000;
      const rows = await ledger.usage({ from: now - 86_400, to: now + 1, width: 86_400, groupBy: [] });
      assert.equal(
        rows.reduce((sum, { requests }) => sum + requests, 0),
        150,
      );
      assert.deepEqual(await standing(ledger), { spent: 450, reserved: 0 });
    },
  },
  {
    id: "ledger.shared.once",
    title: "Of several ledgers that settle the same entry, one does.",
    needs: ["shared"],
    async run({ ledger, open }) {
      const ledgers = [ledger, await open(), await open()];
      for (let i = 0; i < 10; i += 1) {
        await ledger.open(entry(`e${i}`), enforced);
        const results = await Promise.all(ledgers.map((one) => one.settle(entry(`e${i}`), settlement(1))));
        assert.equal(results.filter(({ settled }) => settled).length, 1);
      }
      assert.equal((await ledger.entries({ limit: 100 })).length, 10);
    },
  },
  {
    id: "ledger.shared.lasting",
    title: "Everything is there when the database is opened again.",
    needs: ["shared"],
    async run({ ledger, open }) {
      await ledger.setBudget(credit(100, { alerts: [1] }));
      await call(ledger, entry("a"), 1);
      const before = [await ledger.budgets(), await ledger.entries({ limit: 10 })];
      await ledger.close?.();
      const again = await open();
      assert.deepEqual([await again.budgets(), await again.entries({ limit: 10 })], before);
    },
  },
  {
    id: "ledger.shared.abandoned",
    title: "What a process left open is found when it is gone, and not while it lives.",
    needs: ["shared"],
    async run({ ledger, open }) {
      const other = await open();
      await ledger.setBudget(credit(100));
      const left = entry("a");
      await other.open(left, enforced);
      await ledger.open(entry("b"), enforced);
      assert.deepEqual(await ledger.abandoned(10), []);
      assert.deepEqual(await other.abandoned(10), []);
      await other.close?.();
      assert.deepEqual(await ledger.abandoned(10), [left]);
      assert.equal((await ledger.settle(left, settlement(4, { outcome: "recovered" }))).settled, true);
      assert.deepEqual(await ledger.abandoned(10), []);
      assert.deepEqual(await standing(ledger), { spent: 4, reserved: 10 });
    },
  },
];
