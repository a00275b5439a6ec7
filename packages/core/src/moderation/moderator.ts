import type { ModelCall } from "../call.ts";
import { moderateOf } from "../engine/chat-over-forward.ts";
import type { MeteredUsage } from "../ledger/usage.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import { askModerator } from "./ask-moderator.ts";
import { isModerationModel } from "./categories.ts";
import type { ModerationInput } from "./content.ts";
import { judgeAll } from "./judge-all.ts";

/** Judges inputs, each by itself: one result an input, in their order. */
export type Moderate = (inputs: readonly ModerationInput[]) => Promise<ModerationResult[]>;

/**
 * Who moderates under this id on behalf of a call: the model that is mounted under it, the one that the host lets judge, or what answers
 * for all others; `null` for nobody.
 * @param metered told of what each asking consumed
 */
export function moderatorFor(model: string, call: ModelCall, metered: (usage: MeteredUsage) => void): Moderate | null {
  const { models, moderation } = call.services;
  const mounted = models.has(model);
  if (!mounted && moderation && isModerationModel(model)) {
    const target = models.resolve(moderation.model, call.principal);
    const { thresholds } = moderation;
    return (inputs) => judgeAll(inputs, { model, target, thresholds, call, metered });
  }
  if (!mounted && !models.fallback) return null;
  const target = models.resolve(model, call.principal);
  call.modelAccess?.require(target.id, target.snapshot);
  if (!moderateOf(target.engine)) return null;
  // That a moderator was asked says nothing of what the call itself has consumed.
  const asking = { ...call, receipt: { ...call.receipt } };
  return async (inputs) => {
    const asked = await Promise.all(askable(inputs).map((input) => askModerator(target, input, asking)));
    for (const { usage } of asked) if (usage) metered(usage);
    return asked.flatMap(({ results }) => results);
  };
}

/** Texts alone go as one list; an input with more than a text in it goes by itself. */
function askable(inputs: readonly ModerationInput[]) {
  const texts = inputs.flatMap(([part, ...more]) => (part?.type === "text" && more.length === 0 ? [part.text] : []));
  return texts.length === inputs.length ? [texts] : inputs.map((input) => [...input]);
}
