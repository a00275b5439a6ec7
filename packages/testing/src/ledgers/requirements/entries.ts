import assert from "node:assert/strict";
import { call, credit, enforced, entry, settlement, standing, usageOf } from "../calls.ts";
import type { LedgerRequirement } from "../ledger-requirement.ts";

export const entryRequirements: readonly LedgerRequirement[] = [
  {
    id: "ledger.settle.entry",
    title: "A settled entry has what it was opened with and what it was settled with.",
    async run({ ledger }) {
      const one = entry("a", { batch: true });
      const usage = { ...usageOf(10, 20), cached_tokens: 3, reasoning_tokens: 5, input_audio_tokens: 2, seconds: 60 };
      const settled = settlement(7, { usage, outcome: "cancelled", model: "gpt-4o" });
      assert.equal(await ledger.open(one, enforced), null);
      assert.deepEqual(await ledger.settle(one, settled), { settled: true, alerts: [] });
      const { estimate: _, reserved: __, ...rest } = one;
      const [found, ...others] = await ledger.entries({ limit: 10 });
      assert.deepEqual(found, { ...rest, ...settled, position: found?.position });
      assert.deepEqual(others, []);
    },
  },
  {
    id: "ledger.settle.nobody",
    title: "What a principal does not have is null, in the entry and in sums.",
    async run({ ledger }) {
      await call(ledger, entry("a", { organization: null, project: null, user: null }), 1);
      const [found] = await ledger.entries({ limit: 1 });
      assert.deepEqual([found?.organization, found?.project, found?.user], [null, null, null]);
    },
  },
  {
    id: "ledger.settle.once",
    title: "An entry is settled once, however often it is tried, also at the same time.",
    async run({ ledger }) {
      const one = entry("a");
      await ledger.open(one, enforced);
      const results = await Promise.all([1, 2, 3].map((cost) => ledger.settle(one, settlement(cost))));
      results.push(await ledger.settle(one, settlement(4)));
      assert.deepEqual(
        results.map(({ settled }) => settled),
        [true, false, false, false],
      );
      assert.equal((await ledger.entries({ limit: 10 })).length, 1);
    },
  },
  {
    id: "ledger.settle.unopened",
    title: "An entry that was never opened is settled only for those who say so.",
    async run({ ledger }) {
      assert.equal((await ledger.settle(entry("a"), settlement(1))).settled, false);
      assert.equal((await ledger.settle(entry("a"), settlement(1), { unopened: true })).settled, true);
      assert.equal((await ledger.entries({ limit: 10 })).length, 1);
    },
  },
  {
    id: "ledger.settle.behind",
    title: "An entry that is opened and settled at the same time is settled once, and holds nothing any more.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100));
      const one = entry("a");
      const opening = ledger.open(one, { enforce: false });
      const settling = ledger.settle(one, settlement(3));
      await opening;
      assert.equal((await settling).settled, true);
      assert.deepEqual(await standing(ledger), { spent: 3, reserved: 0 });
    },
  },
  {
    id: "ledger.cancel",
    title: "An entry that is taken back leaves nothing; one that is not there is no error.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100));
      await ledger.open(entry("a"), enforced);
      await ledger.cancel(entry("a"));
      await ledger.cancel(entry("a"));
      assert.equal((await ledger.settle(entry("a"), settlement(1))).settled, false);
      assert.deepEqual(await ledger.entries({ limit: 10 }), []);
      assert.deepEqual(await standing(ledger), { spent: 0, reserved: 0 });
    },
  },
  {
    id: "ledger.entries.order",
    title: "Entries come in the order of settling, from where one has read.",
    async run({ ledger }) {
      const ids = Array.from({ length: 300 }, (_, i) => `e${i}`);
      for (const id of ids) await ledger.open(entry(id), enforced);
      await Promise.all(ids.map((id) => ledger.settle(entry(id), settlement(1))));
      const first = await ledger.entries({ limit: 100 });
      const rest = await ledger.entries({ limit: 1000, after: first.at(-1)?.position ?? 0 });
      assert.equal(first.length, 100);
      assert.deepEqual(
        [...first, ...rest].map(({ id }) => id),
        ids,
      );
    },
  },
  {
    id: "ledger.texts",
    title: "Names may have any characters.",
    async run({ ledger }) {
      const odd = 'a\0b\u0001\ud800"🙂\\';
      const one = entry(odd, { organization: odd, project: odd, apiKey: odd, user: odd, model: odd });
      await ledger.setBudget(credit(100, { id: odd, scope: { organization: odd, project: odd } }));
      await call(ledger, one, 5, { model: odd });
      const [found] = await ledger.entries({ limit: 1 });
      assert.deepEqual([found?.id, found?.project, found?.apiKey, found?.model], [odd, odd, odd, odd]);
      assert.deepEqual(await standing(ledger, odd), { spent: 5, reserved: 0 });
    },
  },
  {
    id: "ledger.counts",
    title: "Counts and amounts are exact up to a billion units and a million dollars a call.",
    async run({ ledger }) {
      await ledger.setBudget(credit(Number.MAX_SAFE_INTEGER));
      await call(ledger, entry("a", { reserved: 1e15 }), 1e15, { usage: usageOf(1e9, 1e9) });
      await call(ledger, entry("b", { reserved: 1 }), 1, { usage: usageOf(1, 1) });
      assert.deepEqual(await standing(ledger), { spent: 1e15 + 1, reserved: 0 });
      const [found] = await ledger.entries({ limit: 1 });
      assert.deepEqual([found?.cost, found?.usage.input_tokens], [1e15, 1e9]);
    },
  },
];
