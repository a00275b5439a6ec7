import type { ModelRegistry } from "../models/registry.ts";
import { CATEGORY_NAMES } from "./categories.ts";
import type { ModerationScores } from "./verdict.ts";

export interface ModerationOptions {
  /**
   * Id of a model of this outlet that chats, and keeps to JSON. It judges what the moderation models of the API (`omni-moderation-latest`,
   * `text-moderation-latest`, …) are asked for, unless one of them has an entry of its own in `models`. One chat an input.
   */
  model: string;
  /** From which score on a category is flagged, from 0 to 1; default: 0.5 for each. */
  thresholds?: ModerationScores;
}

/** @throws TypeError that names what cannot be */
export function checkModeration(options: ModerationOptions | undefined, models: ModelRegistry): void {
  if (!options) return;
  const { model, thresholds = {} } = options;
  if (!models.has(model) && !models.fallback) throw new TypeError(`moderation.model: "${model}" is not in models`);
  for (const [name, score] of Object.entries(thresholds)) {
    if (!CATEGORY_NAMES.some((known) => known === name))
      throw new TypeError(`moderation.thresholds: no category "${name}"`);
    if (!(score >= 0 && score <= 1)) throw new TypeError(`moderation.thresholds["${name}"] must be from 0 to 1`);
  }
}
