import type { Limiter } from "@outlet/core";
import { type Checked, checkOnDatabase, type OwnDatabase } from "../kit/check-database.ts";
import type { LimiterRequirement } from "./limiter-requirement.ts";
import { limiterRequirements } from "./limiter-requirements.ts";

/** One kind of limiter, as the kit gets hold of it. */
export interface LimiterCell {
  readonly name: string;
  /** Makes a place to count in that nothing else uses; the kit asks for one for each requirement. */
  readonly create: () => Promise<LimiterDatabase>;
}

export type LimiterDatabase = OwnDatabase<Limiter>;

/** How one requirement went in one kind of limiter. */
export interface LimiterResult extends Checked {
  readonly requirement: LimiterRequirement;
  readonly cell: string;
}

/** Checks one requirement in a place of its own. Rejects only when that cannot be made, opened, closed or dropped. */
export async function checkLimiter(cell: LimiterCell, requirement: LimiterRequirement): Promise<LimiterResult> {
  const checked = await checkOnDatabase(cell.create, requirement, (limiter, open) =>
    requirement.run({ limiter, open }),
  );
  return { requirement, cell: cell.name, ...checked };
}

/** Checks every requirement in one kind of limiter, one after the other. */
export async function runLimiterConformance(cell: LimiterCell): Promise<LimiterResult[]> {
  const results: LimiterResult[] = [];
  for (const requirement of limiterRequirements) results.push(await checkLimiter(cell, requirement));
  return results;
}
