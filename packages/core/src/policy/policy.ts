import type { Principal } from "../access/principal.ts";
import type { Call, ModelCall } from "../call.ts";
import { SEAM } from "../engine/held-back.ts";
import { moderationBlocked } from "../errors/moderation.ts";
import type { Platform } from "../identity/platform.ts";
import type { Judging } from "../ledger/estimate.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import { createJudge, isFlagged } from "./judge.ts";
import { createOutputRule, type OutputRule } from "./output-rule.ts";
import { type PolicyAction, type PolicyOptions, type PolicyRule, policyModel, policyWindow } from "./policy.options.ts";
import { createReport } from "./report.ts";
import { isAnswered, isSaid, saidIn } from "./said.ts";
import { createStrikes, type Strikes } from "./strikes.ts";

/** Holds what callers send and models answer against the host's rules. */
export interface Policy {
  /** Null where they are not counted. */
  readonly strikes: Strikes | null;
  /** The rule for a caller's input; `undefined` where none is to be judged. */
  inputRule(principal: Principal): PolicyAction | undefined;
  /**
   * Has a call's input judged, before anything is asked or kept.
   * @throws ApiError 400 `moderation_blocked`; what went wrong with judging, where the rule is to block
   */
  judgeInput(call: Call, action: PolicyAction): Promise<void>;
  /** What judging a call is going to take, beside the work: `undefined` for nothing. */
  judging(call: Pick<ModelCall, "operation" | "principal">, request: unknown): Judging | undefined;
  /** The rule for what a model answers to a request; `undefined` where it is not to be judged. */
  outputRule(call: ModelCall, request: object): OutputRule | undefined;
}

/** What a chat model is told of how to judge, and what it answers. */
const ASKED_BY_CHAT = { input_tokens: 700, output_tokens: 200 };
const NOTHING_ELSE = { input_tokens: 0, output_tokens: 0 };

export function createPolicy(
  options: PolicyOptions,
  platform: Platform | null,
  { byChat }: { /** Whether it is a chat model that judges. */ readonly byChat: boolean },
): Policy {
  const judge = createJudge(policyModel(options));
  const strikes = options.strikes && platform ? createStrikes(options.strikes, platform) : null;
  const report = createReport(options.onFlagged, strikes);
  const window = policyWindow(options);
  const projects = new Map<string, PolicyRule>(Object.entries(options.projects ?? {}));

  function ruleOf({ project }: Principal): PolicyRule {
    return (project === undefined ? undefined : projects.get(project)) ?? options;
  }

  return {
    strikes,
    inputRule: (principal) => ruleOf(principal).input,
    async judgeInput(call, action) {
      let results: ModerationResult[];
      let param: string;
      try {
        const said = saidIn(call);
        if (!said) return;
        param = said.param;
        results = await judge(call, said.inputs);
      } catch (err) {
        if (action === "block" || call.context.signal.aborted) throw err;
        const { requestId, logger } = call.context;
        logger.warn({ requestId, operation: call.operation.id, err }, "input could not be judged, and was let through");
        return;
      }
      if (!isFlagged(results)) return;
      await report(call, call.body, { side: "input", action }, results);
      if (action === "block") throw moderationBlocked(param, results);
    },
    judging({ operation, principal }, request) {
      const rule = ruleOf(principal);
      const input = rule.input !== undefined && isSaid(operation.id);
      const output = rule.output !== undefined && isAnswered(operation.id);
      if (!input && !output) return undefined;
      const windows = rule.output === "block" && (request as { stream?: unknown } | null)?.stream === true;
      return {
        input,
        output,
        window: windows ? window : Number.POSITIVE_INFINITY,
        seam: SEAM,
        each: byChat ? ASKED_BY_CHAT : NOTHING_ELSE,
      };
    },
    outputRule(call, request) {
      const action = ruleOf(call.principal).output;
      return action && createOutputRule({ call, request, action, window, judge, report });
    },
  };
}
