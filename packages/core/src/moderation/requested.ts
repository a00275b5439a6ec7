import type { ModelCall } from "../call.ts";
import type { Guard } from "../engine/held-back.ts";
import { moderationBlocked } from "../errors/moderation.ts";
import { toApiError } from "../errors/to-api-error.ts";
import { addUsage } from "../ledger/usage.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import type { ModerationInput } from "./content.ts";
import { moderatorFor } from "./moderator.ts";

/** The `moderation` of a request. https://platform.openai.com/docs/guides/moderation */
export interface ModerationParam {
  model: string;
  policy?: { input?: Mode; output?: Mode } | null | undefined;
}
type Mode = { mode: "score" | "block" } | null | undefined;

/** What came of judging a side of the call. */
export type Judged = { results: ModerationResult[] } | { error: { code: string; message: string } };

/** The moderation that one call has asked for. */
export interface RequestedModeration {
  readonly model: string;
  /**
   * Has the input judged: before the model is asked, where what is flagged is to be blocked, else meanwhile.
   * @throws ApiError 400 `moderation_blocked`; what went wrong, where that must not go through unjudged
   */
  begin(inputs: readonly ModerationInput[], param: string): Promise<void>;
  /** Holds an answer back until it has been judged whole; `undefined` where it is sent as it comes. */
  readonly guard: Guard | undefined;
  /** What came of it. Texts that the guard has seen are not judged again. */
  end(said: readonly string[]): Promise<{ input: Judged; output: Judged }>;
}

/** `null` where nobody moderates under the id that the request names. */
export function requestedModeration({ model, policy }: ModerationParam, call: ModelCall): RequestedModeration | null {
  const { receipt } = call;
  const moderate = moderatorFor(model, call, (usage) => {
    receipt.usage = addUsage(receipt.usage, usage);
  });
  if (!moderate) return null;
  const judged = (inputs: readonly ModerationInput[]): Promise<Judged> =>
    inputs.length === 0
      ? Promise.resolve({ results: [] })
      : moderate(inputs).then(
          (results) => ({ results }),
          (error) => ({ error: told(toApiError(error, call.context.signal)) }),
        );
  const blocked: ModerationResult[] = [];
  let input: Promise<Judged> = Promise.resolve({ results: [] });

  const guard: Guard = {
    window: Number.POSITIVE_INFINITY,
    async passes(text) {
      const results = await moderate([[{ type: "text", text }]]);
      blocked.push(...results);
      return !results.some(({ flagged }) => flagged);
    },
  };
  const holds = policy?.output?.mode === "block";
  return {
    model,
    guard: holds ? guard : undefined,
    async begin(inputs, param) {
      receipt.emulated.add("moderation");
      if (policy?.input?.mode !== "block" || inputs.length === 0) {
        input = judged(inputs);
        return;
      }
      const results = await moderate(inputs);
      if (results.some(({ flagged }) => flagged)) throw moderationBlocked(param, results);
      input = Promise.resolve({ results });
    },
    async end(said) {
      const texts = said.filter((text) => text !== "");
      const output = holds ? { results: blocked } : await judged(texts.map((text) => [{ type: "text", text }]));
      return { input: await input, output };
    },
  };
}

function told({ code, message }: { code: string | null; message: string }): { code: string; message: string } {
  return { code: code ?? "moderation_failed", message };
}
