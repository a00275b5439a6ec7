import type { Ledger, MeteredUsage, SettledEntry } from "@outlet/core";
import { expect } from "vitest";

const PAGE = 1_000;

async function allEntries(ledger: Ledger): Promise<SettledEntry[]> {
  const entries: SettledEntry[] = [];
  for (;;) {
    const page = await ledger.entries({ after: entries.at(-1)?.position ?? 0, limit: PAGE });
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
}

/**
 * Holds a ledger against its upstream's own count: one entry for each request that reached it, for what it counted, and nothing charged for
 * any other. `everyone` is a budget of everything; nothing may be held in it any more.
 * @returns how many entries there are, how many of them were recovered, and how many reached nobody
 */
export async function reconcile(ledger: Ledger, counted: ReadonlyMap<string, MeteredUsage>) {
  const entries = await allEntries(ledger);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  expect(byId.size).toBe(entries.length);
  const missing = [...counted.keys()].filter((id) => !byId.has(id));
  expect(missing).toEqual([]);
  for (const [id, usage] of counted) expect(byId.get(id)?.usage).toEqual(usage);
  const others = entries.filter(({ id }) => !counted.has(id));
  expect(others.filter(({ cost }) => cost !== 0)).toEqual([]);
  const total = (usages: Iterable<MeteredUsage>, what: "input_tokens" | "output_tokens") =>
    [...usages].reduce((sum, usage) => sum + usage[what], 0);
  const usages = entries.map(({ usage }) => usage as MeteredUsage);
  for (const what of ["input_tokens", "output_tokens"] as const) {
    expect(total(usages, what)).toBe(total(counted.values(), what));
  }
  const spent = entries.reduce((sum, { cost }) => sum + cost, 0);
  expect(await ledger.budgets({ id: "everyone" })).toMatchObject([{ spent, reserved: 0 }]);
  const recovered = entries.filter(({ outcome }) => outcome === "recovered").length;
  return { entries: entries.length, recovered, unreached: others.length };
}

/** Bounds nothing, and knows what is held. */
export async function watchEverything(ledger: Ledger): Promise<void> {
  const scope = { everyone: true } as const;
  await ledger.setBudget({ id: "everyone", scope, amount: 1e15, period: null, hard: true, alerts: [] });
}

/** Resolves when nothing is held any more: every call has been settled. */
export async function allSettled(ledger: Ledger): Promise<void> {
  const reserved = async () => (await ledger.budgets({ id: "everyone" }))[0]?.reserved;
  await expect.poll(reserved, { timeout: 60_000, interval: 100 }).toBe(0);
}
