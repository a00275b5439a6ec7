import type { AskingCall } from "../chat/prepare-chat.ts";
import { invalidRequest } from "../errors/catalogue.ts";
import type { MeteredUsage } from "../ledger/usage.ts";
import type { ResolvedModel } from "../models/registry.ts";
import type { ModerationPart } from "../resources/moderations/moderations.schema.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import { judge } from "./judge.ts";
import { type ModerationScores, verdict } from "./verdict.ts";

/** Each is a chat of its own with the model that judges. */
const MAX_JUDGED = 64;
const JUDGED_AT_ONCE = 8;

export interface Judging {
  /** The moderation model that was asked for. */
  readonly model: string;
  /** The chat model that judges in its stead. */
  readonly target: ResolvedModel;
  readonly thresholds: ModerationScores | undefined;
  readonly call: AskingCall;
  readonly metered: (usage: MeteredUsage) => void;
}

/** Has every input judged by itself; the results are in their order. */
export async function judgeAll(
  inputs: readonly (readonly ModerationPart[])[],
  { model, target, thresholds, call, metered }: Judging,
): Promise<ModerationResult[]> {
  if (inputs.length > MAX_JUDGED) {
    const expected = `Expected an array with maximum length ${MAX_JUDGED}, but got an array with length ${inputs.length} instead.`;
    throw invalidRequest(`Invalid 'input': array too long. ${expected}`, "input", "array_above_max_length");
  }
  // The first failure ends the others, too: there will be no answer.
  const others = new AbortController();
  const signal = AbortSignal.any([call.context.signal, others.signal]);
  const asking = { ...call, context: { ...call.context, signal } };
  const results: ModerationResult[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < inputs.length; index = next++) {
      const parts = inputs[index] as readonly ModerationPart[];
      const scores = await judge(parts, target, asking, metered);
      results[index] = verdict({ model, parts, scores, ...(thresholds && { thresholds }) });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(JUDGED_AT_ONCE, inputs.length) }, work));
  } finally {
    others.abort();
  }
  return results;
}
