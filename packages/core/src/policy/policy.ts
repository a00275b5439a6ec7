import type { Call } from "../call.ts";
import { moderationBlocked, nobodyModeratesNow } from "../errors/moderation.ts";
import { addUsage } from "../ledger/usage.ts";
import { moderatorFor } from "../moderation/moderator.ts";
import type { ModerationCategory, ModerationResult } from "../resources/moderations/moderations.types.ts";
import {
  type FlaggedCall,
  type PolicyAction,
  type PolicyOptions,
  type PolicyRule,
  policyModel,
} from "./policy.options.ts";
import { saidIn } from "./said.ts";

/** Holds what callers send against the host's rules. */
export interface Policy {
  /** The rule for a caller's input; `undefined` where none is to be judged. */
  inputRule(principal: Call["principal"]): PolicyAction | undefined;
  /**
   * Has a call's input judged, before anything is asked or kept.
   * @throws ApiError 400 `moderation_blocked`; what went wrong with judging, where the rule is to block
   */
  judgeInput(call: Call, action: PolicyAction): Promise<void>;
}

export function createPolicy(options: PolicyOptions): Policy {
  const model = policyModel(options);
  const projects = new Map<string, PolicyRule>(Object.entries(options.projects ?? {}));

  function tell(call: Call, action: PolicyAction, results: readonly ModerationResult[]): void {
    const { context, operation, principal, services } = call;
    const categories = [...new Set(results.flatMap(flaggedIn))];
    const flagged: FlaggedCall = {
      requestId: context.requestId,
      operationId: operation.id,
      principal,
      safetyIdentifier: safetyIdentifier(call.body),
      action,
      categories,
    };
    services.logger.warn(
      { requestId: context.requestId, operation: operation.id, categories, action },
      "input was flagged",
    );
    try {
      options.onFlagged?.(flagged);
    } catch (err) {
      services.logger.error({ requestId: context.requestId, err }, "policy.onFlagged threw");
    }
  }

  async function resultsOf(call: Call, inputs: NonNullable<ReturnType<typeof saidIn>>["inputs"]) {
    const { receipt } = call;
    // The host's own rule: which models the project may use has no say in it.
    const moderate = moderatorFor(model, { ...call, modelAccess: null }, (usage) => {
      receipt.judging = addUsage(receipt.judging, usage);
    });
    if (!moderate) throw nobodyModeratesNow(model);
    return moderate(inputs);
  }

  return {
    inputRule({ project }) {
      const own = project === undefined ? undefined : projects.get(project);
      return (own ?? options).input;
    },
    async judgeInput(call, action) {
      let results: ModerationResult[];
      let param: string;
      try {
        const said = saidIn(call);
        if (!said) return;
        param = said.param;
        results = await resultsOf(call, said.inputs);
      } catch (err) {
        if (action === "block" || call.context.signal.aborted) throw err;
        const { requestId, logger } = call.context;
        logger.warn({ requestId, operation: call.operation.id, err }, "input could not be judged, and was let through");
        return;
      }
      if (!results.some(({ flagged }) => flagged)) return;
      tell(call, action, results);
      if (action === "block") throw moderationBlocked(param, results);
    },
  };
}

function flaggedIn({ categories }: ModerationResult): ModerationCategory[] {
  return (Object.keys(categories) as ModerationCategory[]).filter((name) => categories[name]);
}

function safetyIdentifier(body: unknown): string | null {
  const { safety_identifier, user } = (body ?? {}) as { safety_identifier?: unknown; user?: unknown };
  const said = safety_identifier ?? user;
  return typeof said === "string" ? said.slice(0, 512) : null;
}
