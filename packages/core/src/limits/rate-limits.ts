import type { Principal } from "../access/principal.ts";
import { type Awaitable, isPromise } from "../awaitable.ts";
import type { Receipt } from "../call.ts";
import { rateLimitReached, requestTooLarge } from "../errors/rate-limits.ts";
import { estimateOf, type Spending } from "../ledger/estimate.ts";
import { type CallEnding, consumedBy } from "../ledger/settlement.ts";
import type { MeteredUsage } from "../ledger/usage.ts";
import type { ModelRegistry, ResolvedModel } from "../models/registry.ts";
import { remaining, waitMs } from "./bucket.ts";
import { addLimitHeaders } from "./limit-headers.ts";
import type { LimitPlan } from "./limit-plan.ts";
import { createLimitTable, type LimitTable } from "./limit-table.ts";
import type { Taken } from "./limiter.ts";
import { createMemoryLimiter } from "./memory-limiter.ts";
import type { ProjectLimits } from "./project-limits.ts";
import { checkRateLimits, type RateLimitOptions } from "./rate-limits.options.ts";

/** What a call that was let in has taken, until it is settled. */
export interface Drawn {
  readonly key: string;
  readonly plan: LimitPlan;
  readonly tokens: number;
  readonly debts: readonly number[];
  /** The work is only about to be done, and is settled by whoever does it. */
  readonly deferred: boolean;
  /** How what a throttled caller has of its own stands; absent for any other. */
  readonly throttled?: { readonly plan: LimitPlan; readonly debts: readonly number[] };
}

export interface Drawing {
  readonly principal: Principal;
  readonly own: ProjectLimits | null;
  /** What the caller's key may ask for beside its project, of all models together; absent for anything. */
  readonly throttle?: LimitPlan | null;
  /** True for what the project has reserved, and its limits do not count. Default: false. */
  readonly reserved?: boolean;
  readonly spending: Spending;
  /** What answers, where that is known before it is asked. */
  readonly target: ResolvedModel | null;
  /** Set for a route of the host's own: what it is metered under. */
  readonly route?: string;
}

/** How much may be asked of models in how long. */
export interface RateLimits {
  readonly table: LimitTable;
  readonly overrides: Required<RateLimitOptions>["overrides"];
  /**
   * Takes what a call may come to. Null where no limit holds.
   * @throws ApiError 429 `rate_limit_exceeded`
   */
  admit(drawing: Drawing): Awaitable<Drawn | null>;
  /** Gives back what a call that has ended did not consume, or takes what it consumed beyond it. Never throws. */
  settle(drawn: Drawn, receipt: Receipt, ending: CallEnding): void;
  /** The same for work that was deferred, and for which so many tokens are held. Never throws. */
  settleDeferred(drawing: Drawing, usage: MeteredUsage | null, held: number): void;
  /** Whether they are held by this process alone, or not at all, where others should share them. */
  away(): boolean;
  close(): Promise<void>;
}

export function createRateLimits(models: ModelRegistry, options: RateLimitOptions): RateLimits {
  const { assumedOutputTokens, ...rules } = checkRateLimits(options);
  const limiter = options.limiter ?? createMemoryLimiter();
  const table = createLimitTable(models, rules);

  function planFor({ own, spending, target, route }: Drawing): LimitPlan | null {
    if (route !== undefined) return table.planOfRoute(route);
    const name = table.nameOf(target?.snapshot ?? spending.model);
    return own ? own.planOf(name, table) : table.planOf(name);
  }

  function tokensOf({ spending, target }: Drawing, plan: LimitPlan): number {
    return plan.counts.includes("tokens") ? total(estimateOf(spending, target, assumedOutputTokens)) : 0;
  }

  /** Takes what a project has for the call. */
  function drawFor(drawing: Drawing): Awaitable<Drawn | null> {
    const plan = planFor(drawing);
    if (!plan) return null;
    const { principal, spending, target } = drawing;
    const key = keyOf(principal, plan);
    const tokens = tokensOf(drawing, plan);
    const amounts = amountsOf(plan, 1, tokens);
    const drawn = ({ admitted, debts }: Taken): Drawn => {
      if (!admitted) throw refusal(target?.snapshot ?? spending.model, principal, plan, amounts, debts);
      return { key, plan, tokens, debts, deferred: spending.deferred === true };
    };
    const taken = limiter.take(key, plan.buckets, amounts);
    return isPromise(taken) ? taken.then(drawn) : drawn(taken);
  }

  /** The caller's own comes first: what is refused there takes nothing from the project. */
  async function drawThrottled(drawing: Drawing, plan: LimitPlan): Promise<Drawn> {
    const { principal, spending, target } = drawing;
    const key = throttledKey(principal);
    const amounts = amountsOf(plan, 1, 0);
    const { admitted, debts } = await limiter.take(key, plan.buckets, amounts);
    if (!admitted) throw refusal(target?.snapshot ?? spending.model, principal, plan, amounts, debts);
    const drawn = drawing.reserved ? null : await drawFor(drawing);
    const alone = { key, plan, tokens: 0, debts, deferred: spending.deferred === true };
    return drawn ? { ...drawn, throttled: { plan, debts } } : alone;
  }

  return {
    table,
    overrides: rules.overrides,
    admit: (drawing) => (drawing.throttle ? drawThrottled(drawing, drawing.throttle) : drawFor(drawing)),
    settle({ key, plan, tokens, deferred }, receipt, ending) {
      if (!plan.counts.includes("tokens")) return;
      const consumed = consumedBy(receipt, ending);
      if (consumed === "unknown" || (consumed === null && deferred && ending.outcome === "completed")) return;
      const more = (consumed ? total(consumed) : 0) - tokens;
      if (more !== 0) void limiter.adjust(key, plan.buckets, amountsOf(plan, 0, more));
    },
    settleDeferred(drawing, usage, held) {
      const plan = planFor(drawing);
      if (!plan?.counts.includes("tokens")) return;
      const more = (usage ? total(usage) : 0) - held;
      if (more !== 0) void limiter.adjust(keyOf(drawing.principal, plan), plan.buckets, amountsOf(plan, 0, more));
    },
    away: () => limiter.away?.() ?? false,
    async close() {
      await limiter.close?.();
    },
  };
}

function total({ input_tokens, output_tokens }: Pick<MeteredUsage, "input_tokens" | "output_tokens">): number {
  return input_tokens + output_tokens;
}

function amountsOf({ counts }: LimitPlan, requests: number, tokens: number): number[] {
  const amounts: number[] = [];
  for (const counted of counts) amounts.push(counted === "requests" ? requests : tokens);
  return amounts;
}

/** Whose limits they are: a project's, an organization's without one, or a caller's who has neither. Names are the host's: lengths keep them apart. */
function keyOf({ id, organization, project }: Principal, { name }: LimitPlan): string {
  if (project) {
    const of = organization ?? "";
    return `p${project.length}:${of.length}:${project}${of}${name}`;
  }
  return organization ? `o${organization.length}:${organization}${name}` : `c${id.length}:${id}${name}`;
}

/** One key's, of all models. */
function throttledKey({ id, organization = "", apiKey = id }: Principal): string {
  return `t${organization.length}:${organization}${apiKey}`;
}

/** What never fits comes first; then what there is to wait for longest. */
function refusal(
  model: string,
  { organization }: Principal,
  plan: LimitPlan,
  amounts: readonly number[],
  debts: readonly number[],
): Error {
  const headers: Record<string, string> = {};
  addLimitHeaders(headers, plan, debts);
  let longest = -1;
  let at = 0;
  for (const [i, bucket] of plan.buckets.entries()) {
    const requested = amounts[i] ?? 0;
    const counted = plan.counts[i] ?? "requests";
    const { limit, window } = bucket;
    const place = { model, organization, counted, window, limit, requested };
    if (requested > limit) return requestTooLarge(place, headers);
    const wait = waitMs(debts[i] ?? 0, requested, bucket);
    if (wait <= longest) continue;
    longest = wait;
    at = i;
  }
  const bucket = plan.buckets[at] as LimitPlan["buckets"][number];
  const { limit, window } = bucket;
  const used = limit - remaining(debts[at] ?? 0, bucket);
  const place = { model, organization, counted: plan.counts[at] ?? "requests", window, limit };
  return rateLimitReached({ ...place, used, requested: amounts[at] ?? 0, waitMs: longest }, headers);
}
