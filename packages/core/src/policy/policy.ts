import type { Principal } from "../access/principal.ts";
import type { Call, ModelCall } from "../call.ts";
import { moderationBlocked } from "../errors/moderation.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import { createJudge, isFlagged } from "./judge.ts";
import { createOutputRule, type OutputRule } from "./output-rule.ts";
import { type PolicyAction, type PolicyOptions, type PolicyRule, policyModel, policyWindow } from "./policy.options.ts";
import { createReport } from "./report.ts";
import { saidIn } from "./said.ts";

/** Holds what callers send and models answer against the host's rules. */
export interface Policy {
  /** The rule for a caller's input; `undefined` where none is to be judged. */
  inputRule(principal: Principal): PolicyAction | undefined;
  /**
   * Has a call's input judged, before anything is asked or kept.
   * @throws ApiError 400 `moderation_blocked`; what went wrong with judging, where the rule is to block
   */
  judgeInput(call: Call, action: PolicyAction): Promise<void>;
  /** The rule for what a model answers to a request; `undefined` where it is not to be judged. */
  outputRule(call: ModelCall, request: object): OutputRule | undefined;
}

export function createPolicy(options: PolicyOptions): Policy {
  const judge = createJudge(policyModel(options));
  const report = createReport(options.onFlagged);
  const window = policyWindow(options);
  const projects = new Map<string, PolicyRule>(Object.entries(options.projects ?? {}));

  function ruleOf({ project }: Principal): PolicyRule {
    return (project === undefined ? undefined : projects.get(project)) ?? options;
  }

  return {
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
      report(call, call.body, { side: "input", action }, results);
      if (action === "block") throw moderationBlocked(param, results);
    },
    outputRule(call, request) {
      const action = ruleOf(call.principal).output;
      return action && createOutputRule({ call, request, action, window, judge, report });
    },
  };
}
