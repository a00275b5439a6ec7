import { type LimitPlan, planOf } from "./limit-plan.ts";
import type { LimitTable } from "./limit-table.ts";
import type { ModelLimits } from "./rate-limits.options.ts";

/** What a project's admins have set, by what limits are kept under. */
export type OwnLimits = Readonly<Record<string, ModelLimits>>;

/** The limits that a project has of its own. */
export interface ProjectLimits {
  planOf(name: string, table: LimitTable): LimitPlan | null;
}

export function createProjectLimits(own: OwnLimits): ProjectLimits {
  const plans = new Map<string, LimitPlan | null>();
  return {
    planOf(name, table) {
      const set = Object.hasOwn(own, name) ? own[name] : undefined;
      if (!set) return table.planOf(name);
      let plan = plans.get(name);
      if (plan === undefined) {
        plan = planOf(name, table.withOwn(name, set));
        plans.set(name, plan);
      }
      return plan;
    },
  };
}
