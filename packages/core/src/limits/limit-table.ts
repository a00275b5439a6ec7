import type { ModelRegistry } from "../models/registry.ts";
import { MOST } from "./bucket.ts";
import { type LimitPlan, planOf } from "./limit-plan.ts";
import { LIMIT_NAMES, type ModelLimits, type RateLimitOptions } from "./rate-limits.options.ts";

/** Which limits hold for which model. */
export interface LimitTable {
  /** What a model's limits are kept under: its id, or what it shares them under. */
  nameOf(model: string): string;
  /** What holds for everything under a name, before any project's own. */
  limitsOf(name: string): ModelLimits;
  /** The same where a project has its own. */
  withOwn(name: string, own: ModelLimits): ModelLimits;
  planOf(name: string): LimitPlan | null;
  /** What holds for a route of the host's own: under a name that no model's can be. */
  planOfRoute(route: string): LimitPlan | null;
  /** Everything that limits can be kept under, in order. */
  names(): readonly string[];
}

const NO_LIMITS: ModelLimits = {};

/**
 * A model with an entry of its own has limits of its own. Those that `"*"` answers for share what they fit: a client may write
 * anything for their ids, and would have new limits with each.
 * @throws TypeError when a limit names an alias, or no model
 */
export function createLimitTable(
  models: ModelRegistry,
  { models: byModel, routes, overrides }: Required<Pick<RateLimitOptions, "models" | "routes" | "overrides">>,
): LimitTable {
  const limits = new Map(Object.entries(byModel));
  /** The longest first. */
  const patterns = [...limits.keys()].filter(isPattern).sort((a, b) => b.length - a.length);
  const plans = new Map<string, LimitPlan | null>();
  // What no host calls a model: a route's buckets are its own.
  const routePlans = new Map(Object.entries(routes).map(([name, set]) => [name, planOf(`\nroute ${name}`, set)]));

  for (const name of limits.keys()) {
    if (isPattern(name) || models.ownIds().includes(name)) continue;
    if (models.has(name)) throw new TypeError(`limits.models["${name}"] is an alias: name what it stands for`);
    if (!models.fallback) throw new TypeError(`limits.models["${name}"] is no model`);
  }

  function patternOf(model: string): string | undefined {
    return patterns.find((pattern) => model.startsWith(pattern.slice(0, -1)));
  }

  function limitsOf(name: string): ModelLimits {
    return limits.get(name) ?? limits.get(patternOf(name) ?? "") ?? NO_LIMITS;
  }

  return {
    nameOf(model) {
      const own = models.has(model) || (limits.has(model) && !isPattern(model));
      return own ? model : (patternOf(model) ?? "*");
    },
    limitsOf,
    withOwn(name, own) {
      const merged: ModelLimits = { ...limitsOf(name) };
      for (const field of LIMIT_NAMES) {
        const value = own[field];
        if (value === undefined) continue;
        // The host may have lowered its own since.
        merged[field] = overrides === "any" ? value : Math.min(value, merged[field] ?? MOST);
      }
      return merged;
    },
    planOf(name) {
      let plan = plans.get(name);
      if (plan === undefined) {
        plan = planOf(name, limitsOf(name));
        plans.set(name, plan);
      }
      return plan;
    },
    planOfRoute: (route) => routePlans.get(route) ?? null,
    names: () => [...new Set([...models.ownIds(), ...limits.keys(), ...(models.fallback ? ["*"] : [])])],
  };
}

function isPattern(name: string): boolean {
  return name.endsWith("*");
}
