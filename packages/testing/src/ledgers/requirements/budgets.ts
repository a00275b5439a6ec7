import assert from "node:assert/strict";
import type { BudgetScope } from "@outlet/core";
import { call, credit, enforced, entry, settlement, standing } from "../calls.ts";
import type { LedgerRequirement } from "../ledger-requirement.ts";

const MONTH_AGO = 40 * 24 * 3_600_000;

export const budgetRequirements: readonly LedgerRequirement[] = [
  {
    id: "ledger.budget.hold",
    title: "What is opened is held, and released for what it cost when it is settled.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100));
      await ledger.open(entry("a", { reserved: 60 }), enforced);
      assert.deepEqual(await standing(ledger), { spent: 0, reserved: 60 });
      await ledger.settle(entry("a", { reserved: 60 }), settlement(25));
      assert.deepEqual(await standing(ledger), { spent: 25, reserved: 0 });
    },
  },
  {
    id: "ledger.budget.refuses",
    title: "What does not fit beside what is spent and held is refused, held nowhere, and not entered.",
    async run({ ledger }) {
      await ledger.setBudget(credit(1000, { id: "wide" }));
      await ledger.setBudget(credit(100));
      await call(ledger, entry("a"), 50);
      assert.equal(await ledger.open(entry("b", { reserved: 30 }), enforced), null);
      assert.equal((await ledger.open(entry("c", { reserved: 21 }), enforced))?.id, "credit");
      assert.deepEqual(await standing(ledger, "wide"), { spent: 50, reserved: 30 });
      assert.equal((await ledger.settle(entry("c"), settlement(1))).settled, false);
      assert.equal(await ledger.open(entry("d", { reserved: 20 }), enforced), null);
    },
  },
  {
    id: "ledger.budget.exact",
    title: "Of 500 calls at once, a credit for 100 lets exactly 100 through.",
    async run({ ledger }) {
      await ledger.setBudget(credit(1000));
      const opened = await Promise.all(
        Array.from({ length: 500 }, (_, i) => ledger.open(entry(`e${i}`, { reserved: 10 }), enforced)),
      );
      assert.equal(opened.filter((full) => full === null).length, 100);
      assert.deepEqual(await standing(ledger), { spent: 0, reserved: 1000 });
    },
  },
  {
    id: "ledger.budget.scopes",
    title:
      "A call is held against the budgets of its organization, its project, its key and of everyone, and no others.",
    async run({ ledger }) {
      const scopes: Record<string, BudgetScope> = {
        everyone: { everyone: true },
        organization: { organization: "org" },
        project: { project: "proj", organization: "org" },
        key: { apiKey: "key" },
        "another organization": { organization: "other" },
        "another organization's project": { project: "proj", organization: "other" },
        "nobody's project": { project: "proj" },
        "another key": { apiKey: "org" },
      };
      for (const [id, scope] of Object.entries(scopes)) await ledger.setBudget(credit(100, { id, scope }));
      await call(ledger, entry("a"), 5);
      const charged = (await ledger.budgets()).filter(({ spent }) => spent === 5).map(({ id }) => id);
      assert.deepEqual(charged.sort(), ["everyone", "key", "organization", "project"]);
    },
  },
  {
    id: "ledger.budget.soft",
    title: "A soft budget refuses nothing, and a call under way is entered whatever a hard one says.",
    async run({ ledger }) {
      await ledger.setBudget(credit(0, { hard: false }));
      assert.equal(await ledger.open(entry("a"), enforced), null);
      await ledger.setBudget(credit(0));
      assert.equal((await ledger.open(entry("b"), { enforce: false }))?.id, "credit");
      assert.equal((await ledger.settle(entry("b"), settlement(1))).settled, true);
    },
  },
  {
    id: "ledger.budget.alerts",
    title: "An amount that spending passes is told of once.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100, { hard: false, alerts: [10, 20, 1000] }));
      const told: number[] = [];
      for (const id of ["a", "b", "c", "d"]) {
        await ledger.open(entry(id), enforced);
        const { alerts } = await ledger.settle(entry(id), settlement(8));
        told.push(...alerts.map(({ threshold }) => threshold));
      }
      assert.deepEqual(told, [10, 20]);
    },
  },
  {
    id: "ledger.budget.month",
    title: "A budget of a month begins anew with the next; what is held stays held.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100, { period: "month" }));
      const later = Date.now() + MONTH_AGO;
      await call(ledger, entry("a"), 90);
      assert.equal((await ledger.open(entry("b", { reserved: 20 }), enforced))?.id, "credit");
      assert.equal(await ledger.open(entry("c", { reserved: 80, openedAt: later }), enforced), null);
      assert.equal((await ledger.open(entry("d", { reserved: 30, openedAt: later }), enforced))?.id, "credit");
      await ledger.settle(entry("c"), settlement(60, { settledAt: later }));
      assert.equal(await ledger.open(entry("e", { reserved: 40, openedAt: later }), enforced), null);
    },
  },
  {
    id: "ledger.budget.month.begun",
    title: "A budget of a month that is new has spent what its scope has since the month began; a credit nothing.",
    async run({ ledger }) {
      await call(ledger, entry("a"), 40);
      await call(ledger, entry("b", { project: "other" }), 7);
      await call(ledger, entry("c"), 500, { settledAt: Date.now() - MONTH_AGO });
      const month = { period: "month" } as const;
      await ledger.setBudget(credit(100, { ...month, id: "all" }));
      await ledger.setBudget(credit(100, { ...month, id: "org", scope: { organization: "org" } }));
      await ledger.setBudget(credit(100, { ...month, id: "proj", scope: { project: "proj", organization: "org" } }));
      await ledger.setBudget(credit(100, { ...month, id: "nobody", scope: { project: "proj" } }));
      await ledger.setBudget(credit(100, { ...month, id: "key", scope: { apiKey: "key" } }));
      await ledger.setBudget(credit(100));
      const spent = Object.fromEntries((await ledger.budgets()).map((budget) => [budget.id, budget.spent]));
      assert.deepEqual(spent, { all: 47, org: 47, proj: 40, nobody: 0, key: 47, credit: 0 });
      await ledger.setBudget(credit(45, { ...month, id: "proj", scope: { project: "proj", organization: "org" } }));
      assert.equal((await ledger.open(entry("d", { reserved: 6 }), enforced))?.id, "proj");
    },
  },
  {
    id: "ledger.budget.notify",
    title: "Whom a budget's alerts are to be told to is told with them.",
    async run({ ledger }) {
      const notify = { recipients: ["a@example.com"], subjectPrefix: null, createdAt: 1 };
      await ledger.setBudget(credit(100, { hard: false, alerts: [5], notify }));
      await ledger.open(entry("a"), enforced);
      const { alerts } = await ledger.settle(entry("a"), settlement(8));
      assert.deepEqual(
        alerts.map(({ budget }) => budget.notify),
        [notify],
      );
      await ledger.setBudget(credit(100));
      assert.equal((await ledger.budgets())[0]?.notify, undefined);
    },
  },
  {
    id: "ledger.budget.set",
    title: "A budget that is changed keeps what is spent and held; its scope cannot be changed.",
    async run({ ledger }) {
      await ledger.setBudget(credit(100));
      await call(ledger, entry("a"), 40);
      await ledger.open(entry("b"), enforced);
      await ledger.setBudget(credit(45, { alerts: [5] }));
      const [changed] = await ledger.budgets({ id: "credit" });
      assert.deepEqual([changed?.amount, changed?.spent, changed?.reserved, changed?.alerts], [45, 40, 10, [5]]);
      await assert.rejects(ledger.setBudget(credit(1, { scope: { apiKey: "key" } })), /scope/);
    },
  },
  {
    id: "ledger.budget.add",
    title: "Credit is added to, by several at once.",
    async run({ ledger }) {
      await ledger.setBudget(credit(0));
      await Promise.all([1, 2, 3].map((amount) => ledger.addToBudget("credit", amount)));
      assert.equal((await ledger.addToBudget("credit", 4))?.amount, 10);
      assert.equal(await ledger.addToBudget("none", 1), null);
    },
  },
  {
    id: "ledger.budget.find",
    title: "Budgets are found by id and by scope, and deleted.",
    async run({ ledger }) {
      await ledger.setBudget(credit(1));
      await ledger.setBudget(credit(2, { id: "mine", scope: { apiKey: "key" } }));
      assert.deepEqual(
        (await ledger.budgets({ subject: "key:key" })).map(({ id, scope }) => ({ id, scope })),
        [{ id: "mine", scope: { apiKey: "key" } }],
      );
      assert.equal((await ledger.budgets()).length, 2);
      assert.deepEqual([await ledger.deleteBudget("mine"), await ledger.deleteBudget("mine")], [true, false]);
      assert.equal((await ledger.budgets()).length, 1);
    },
  },
  {
    id: "ledger.budget.later",
    title: "A budget that is set while calls are under way is charged for them, and releases only what it holds.",
    async run({ ledger }) {
      await ledger.open(entry("a"), enforced);
      await ledger.setBudget(credit(100));
      await ledger.open(entry("b"), enforced);
      await ledger.settle(entry("a"), settlement(7));
      assert.deepEqual(await standing(ledger), { spent: 7, reserved: 10 });
    },
  },
];
