import type { ModelCall } from "../call.ts";
import { type Guard, SEAM } from "../engine/held-back.ts";
import type { ModerationInput } from "../moderation/content.ts";
import { isFlagged, type Judge } from "./judge.ts";
import type { PolicyAction } from "./policy.options.ts";
import type { Report } from "./report.ts";

/** The rule for one answer. */
export interface OutputRule {
  /** Holds the answer back until it has passed; `undefined` where it is sent as it comes. */
  readonly guard: Guard | undefined;
  /**
   * Has an answer judged that is sent whatever comes of it, once all of it has been said; does nothing where a guard has seen it. Does not
   * reject, except when the caller has gone.
   */
  end(said: readonly string[]): Promise<void>;
}

interface OutputRuleOptions {
  readonly call: ModelCall;
  readonly request: object;
  readonly action: PolicyAction;
  /** Characters of a stream that are held back at a time. */
  readonly window: number;
  readonly judge: Judge;
  readonly report: Report;
}

export function createOutputRule({ call, request, action, window, judge, report }: OutputRuleOptions): OutputRule {
  const what = { side: "output", action } as const;
  const streams = (request as { stream?: unknown }).stream === true;

  async function passes(said: readonly string[]): Promise<boolean> {
    const results = await judge(call, said.flatMap(inputsOf));
    if (!isFlagged(results)) return true;
    await report(call, request, what, results);
    return false;
  }

  if (action === "block") {
    const guard = { window: streams ? window : Number.POSITIVE_INFINITY, passes: (text: string) => passes([text]) };
    return { guard, end: async () => {} };
  }
  return {
    guard: undefined,
    async end(texts) {
      const said = texts.filter((text) => text !== "");
      if (said.length === 0) return;
      try {
        await passes(said);
      } catch (err) {
        if (call.context.signal.aborted) throw err;
        const { requestId, logger } = call.context;
        logger.warn(
          { requestId, operation: call.operation.id, err },
          "output could not be judged, and was let through",
        );
      }
    },
  };
}

/** A judge reads so much at a time. */
const PART = 32_000;

function inputsOf(text: string): ModerationInput[] {
  const inputs: ModerationInput[] = [];
  for (let from = 0; from === 0 || from + SEAM < text.length; from += PART - SEAM) {
    inputs.push([{ type: "text", text: text.slice(from, from + PART) }]);
  }
  return inputs;
}
