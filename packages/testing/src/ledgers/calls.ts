import type { Budget, Ledger, LedgerEntry, MeteredUsage, Settlement } from "@outlet/core";

export const usageOf = (input_tokens: number, output_tokens: number): MeteredUsage => ({
  input_tokens,
  cached_tokens: 0,
  output_tokens,
  reasoning_tokens: 0,
  estimated: false,
});

export function entry(id: string, rest: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id,
    openedAt: Date.now(),
    operation: "createChatCompletion",
    kind: "completions",
    model: "gpt-4o-mini",
    organization: "org",
    project: "proj",
    apiKey: "key",
    user: "user",
    batch: false,
    estimate: { ...usageOf(10, 20), estimated: true },
    reserved: 10,
    ...rest,
  };
}

export function settlement(cost: number, rest: Partial<Settlement> = {}): Settlement {
  const { input_tokens = 10, output_tokens = 20 } = rest.usage ?? {};
  return {
    settledAt: Date.now(),
    outcome: "completed",
    model: "gpt-4o-mini",
    usage: usageOf(input_tokens, output_tokens),
    cost,
    ...rest,
  };
}

export function credit(amount: number, rest: Partial<Budget> = {}): Budget {
  return { id: "credit", scope: { everyone: true }, amount, period: null, hard: true, alerts: [], ...rest };
}

export const enforced = { enforce: true } as const;

/** A call that was made. */
export async function call(
  ledger: Ledger,
  one: LedgerEntry,
  cost: number,
  rest: Partial<Settlement> = {},
): Promise<void> {
  await ledger.open(one, { enforce: false });
  await ledger.settle(one, settlement(cost, rest));
}

export async function standing(ledger: Ledger, id = "credit"): Promise<{ spent: number; reserved: number } | null> {
  const [budget] = await ledger.budgets({ id });
  return budget ? { spent: budget.spent, reserved: budget.reserved } : null;
}
