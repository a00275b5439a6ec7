import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import type { ApiError } from "./api-error.ts";
import { invalidRequest, unavailable } from "./catalogue.ts";

/** 400: what was sent was flagged, and whoever rules over it wants such blocked. Says as what, and not from which score on. */
export function moderationBlocked(param: string, results: readonly ModerationResult[]): ApiError {
  const names = new Set(results.flatMap((result) => flaggedCategories(result)));
  const message = `The request was blocked: its input was flagged by moderation (${[...names].join(", ")}).`;
  return invalidRequest(message, param, "moderation_blocked");
}

function flaggedCategories({ categories }: ModerationResult): string[] {
  return Object.entries(categories).flatMap(([name, flagged]) => (flagged ? [name] : []));
}

/** What to say of a moderation model that nobody answers for. */
export function nobodyModerates(model: string): string {
  return `Nobody moderates here as \`${model.slice(0, 256)}\`.`;
}

/** 503: what has to be judged cannot be. */
export function nobodyModeratesNow(model: string): ApiError {
  return unavailable(nobodyModerates(model));
}
