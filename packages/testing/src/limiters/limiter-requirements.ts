import type { LimiterRequirement } from "./limiter-requirement.ts";
import { countingRequirements } from "./requirements/counting.ts";
import { modelRequirements } from "./requirements/model.ts";
import { sharedLimiterRequirements } from "./requirements/shared.ts";

/** Everything that core counts on in a limiter, topic by topic. */
export const limiterRequirements: readonly LimiterRequirement[] = [
  ...countingRequirements,
  ...modelRequirements,
  ...sharedLimiterRequirements,
];
