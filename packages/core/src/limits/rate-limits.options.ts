import { MOST } from "./bucket.ts";
import type { Limiter } from "./limiter.ts";

/** What a project may ask of one model. Whole numbers from 0 to 10,000,000,000; default for each: no limit. */
export interface ModelLimits {
  requestsPerMinute?: number;
  /** Input and output together. */
  tokensPerMinute?: number;
  requestsPerDay?: number;
  /** Input and output together. */
  tokensPerDay?: number;
}

/** https://platform.openai.com/docs/guides/rate-limits */
export interface RateLimitOptions {
  /**
   * What each project may ask of a model, by the model's id, or by how ids begin: `"gpt-4o*"`; `"*"` is for all others. The longest that
   * fits holds. An alias has the limits of what it stands for. Default: none.
   */
  models?: Readonly<Record<string, ModelLimits>>;
  /** The same for routes of the host's own, by the name that their guard meters them under. Default: none. */
  routes?: Readonly<Record<string, ModelLimits>>;
  /** Where what was asked is counted: `createMemoryLimiter()`, the default, for this process alone; `redisLimiter()` of `@outlet/redis` for many. */
  limiter?: Limiter;
  /** Output tokens that a request without a limit of its own is taken to come to until it has ended. Default: 16. */
  assumedOutputTokens?: number;
  /** Whether an organization's admins may raise what `models` says for their projects, or only lower it. Default: `lower`. */
  overrides?: "lower" | "any";
}

export const LIMIT_NAMES = ["requestsPerMinute", "tokensPerMinute", "requestsPerDay", "tokensPerDay"] as const;

const ASSUMED_OUTPUT_TOKENS = 16;

/** @throws TypeError for what is no limit */
export function checkRateLimits({
  models = {},
  routes = {},
  assumedOutputTokens = ASSUMED_OUTPUT_TOKENS,
  overrides = "lower",
  limiter,
}: RateLimitOptions): Required<Omit<RateLimitOptions, "limiter">> {
  for (const [pattern, limits] of Object.entries(models)) {
    if (pattern.slice(0, -1).includes("*"))
      throw new TypeError(`limits.models["${pattern}"]: a * can only be at the end`);
    checkLimits(`limits.models["${pattern}"]`, limits);
  }
  for (const [route, limits] of Object.entries(routes)) checkLimits(`limits.routes["${route}"]`, limits);
  if (!(Number.isSafeInteger(assumedOutputTokens) && assumedOutputTokens >= 0)) {
    throw new TypeError("limits.assumedOutputTokens must be a whole number of tokens");
  }
  if (limiter && limiter.specificationVersion !== "v1") {
    throw new TypeError('limits.limiter is not a limiter: expected specificationVersion "v1"');
  }
  return { models, routes, assumedOutputTokens, overrides };
}

function checkLimits(where: string, limits: ModelLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!(LIMIT_NAMES as readonly string[]).includes(name)) throw new TypeError(`${where}.${name} is no limit`);
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0 && value <= MOST)) {
      throw new TypeError(`${where}.${name} must be a whole number from 0 to ${MOST}`);
    }
  }
}
