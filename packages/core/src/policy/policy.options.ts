import type { Principal } from "../access/principal.ts";
import type { ModelRegistry } from "../models/registry.ts";
import type { ModerationOptions } from "../moderation/moderation.options.ts";
import type { ModerationCategory } from "../resources/moderations/moderations.types.ts";

/**
 * What becomes of flagged input: `block` refuses it with a 400 `moderation_blocked`, and whatever cannot be judged does not go through; `log` lets it
 * through, and tells of it.
 */
export type PolicyAction = "block" | "log";

export interface PolicyRule {
  /** What callers send, judged before a model is asked or anything is kept. Default: not judged. */
  input?: PolicyAction;
}

/** What callers may send, whatever model they name. https://platform.openai.com/docs/guides/safety-best-practices */
export interface PolicyOptions extends PolicyRule {
  /** Id of the moderation model that judges, as `/moderations` takes it. Default: `omni-moderation-latest`. */
  model?: string;
  /** Rules of single projects, by id, in place of the one for all; `{}` for none. */
  projects?: Readonly<Record<string, PolicyRule>>;
  /** Told of every call whose input was flagged. What it throws is logged and otherwise ignored. */
  onFlagged?: (flagged: FlaggedCall) => void;
}

/** A call with something in it that was flagged. It has none of the text itself. */
export interface FlaggedCall {
  readonly requestId: string;
  readonly operationId: string;
  readonly principal: Principal;
  /** What the request says of the person behind it: `safety_identifier`, or `user`. */
  readonly safetyIdentifier: string | null;
  readonly action: PolicyAction;
  readonly categories: readonly ModerationCategory[];
}

const ACTIONS: readonly unknown[] = ["block", "log", undefined];
const DEFAULT_MODEL = "omni-moderation-latest";

export function policyModel({ model = DEFAULT_MODEL }: PolicyOptions): string {
  return model;
}

/** @throws TypeError that names what cannot be */
export function checkPolicy(
  policy: PolicyOptions,
  models: ModelRegistry,
  moderation: ModerationOptions | undefined,
): void {
  const model = policyModel(policy);
  if (!models.has(model) && !models.fallback && !moderation) {
    throw new TypeError(`policy: nobody moderates as "${model}"; see the option \`moderation\``);
  }
  const rules = Object.entries(policy.projects ?? {}).map(([id, rule]) => [`policy.projects["${id}"]`, rule] as const);
  for (const [name, { input }] of [["policy", policy] as const, ...rules]) {
    if (!ACTIONS.includes(input)) throw new TypeError(`${name}.input must be "block" or "log"`);
  }
}
