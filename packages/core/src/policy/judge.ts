import type { ModelCall } from "../call.ts";
import { nobodyModeratesNow } from "../errors/moderation.ts";
import { addUsage } from "../ledger/usage.ts";
import type { ModerationInput } from "../moderation/content.ts";
import { moderatorFor } from "../moderation/moderator.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";

/** Has inputs judged on behalf of the host; what that takes is put down as the call's. */
export type Judge = (call: ModelCall, inputs: readonly ModerationInput[]) => Promise<ModerationResult[]>;

export function createJudge(model: string): Judge {
  return async (call, inputs) => {
    const { receipt } = call;
    // The host's own rule: which models the project may use has no say in it.
    const moderate = moderatorFor(model, { ...call, modelAccess: null }, (usage) => {
      receipt.judging = addUsage(receipt.judging, usage);
    });
    if (!moderate) throw nobodyModeratesNow(model);
    return moderate(inputs);
  };
}

export function isFlagged(results: readonly ModerationResult[]): boolean {
  return results.some(({ flagged }) => flagged);
}
