import type { Principal } from "../access/principal.ts";
import type { ModelRegistry } from "../models/registry.ts";
import { isModerationModel } from "../moderation/categories.ts";
import type { ModerationOptions } from "../moderation/moderation.options.ts";
import type { ModerationCategory } from "../resources/moderations/moderations.types.ts";
import { checkStrikes, type StrikeOptions } from "./strikes.options.ts";

/**
 * What becomes of what is flagged. `block`: it does not go through, nor does what cannot be judged: input is a 400 `moderation_blocked`, an answer ends in
 * `content_filter` without what was flagged. `flag`: it goes through, and the reply's `outlet-flagged` header says so. `log`: it goes
 * through, and the caller is not told.
 */
export type PolicyAction = "block" | "flag" | "log";

/** Where something was flagged: in what the caller sent, or in what the model answered. */
export type PolicySide = "input" | "output";

export interface PolicyRule {
  /** What callers send, judged before a model is asked or anything is kept. Default: not judged. */
  input?: PolicyAction;
  /** What models answer: with `block`, judged before it is sent, else when all of it has been said. Default: not judged. */
  output?: PolicyAction;
}

/** What callers may send and models may answer, whatever model it is. https://platform.openai.com/docs/guides/safety-best-practices */
export interface PolicyOptions extends PolicyRule {
  /** Id of the moderation model that judges, as `/moderations` takes it. Default: `omni-moderation-latest`. */
  model?: string;
  /**
   * Characters of a streamed answer that are held back and judged together, where the rule is to block; from 1 to 100,000. Fewer come
   * sooner, and are judged more often. Default: 1,000.
   */
  window?: number;
  /** Rules of single projects, by id, in place of those for all; `{}` for none. */
  projects?: Readonly<Record<string, PolicyRule>>;
  /** What follows when a key's calls are flagged again and again. Default: nothing. */
  strikes?: StrikeOptions;
  /** Told of every call whose input or output was flagged, once for each. What it throws is logged and otherwise ignored. */
  onFlagged?: (flagged: FlaggedCall) => void;
}

/** What was flagged of a call. */
export interface Flagged {
  readonly side: PolicySide;
  readonly action: PolicyAction;
  readonly categories: readonly ModerationCategory[];
}

/** A call with something in it that was flagged. It has none of the text itself. */
export interface FlaggedCall extends Flagged {
  readonly requestId: string;
  readonly operationId: string;
  readonly principal: Principal;
  /** What the request says of the person behind it: `safety_identifier`, or `user`. */
  readonly safetyIdentifier: string | null;
}

const ACTIONS: readonly unknown[] = ["block", "flag", "log", undefined];
const SIDES = ["input", "output"] as const;
const DEFAULT_MODEL = "omni-moderation-latest";
const DEFAULT_WINDOW = 1_000;
const LARGEST_WINDOW = 100_000;

export function policyModel({ model = DEFAULT_MODEL }: PolicyOptions): string {
  return model;
}

/** Whether the host lets a chat model judge in the moderation model's stead. */
export function judgesByChat(
  policy: PolicyOptions,
  models: ModelRegistry,
  moderation: ModerationOptions | undefined,
): boolean {
  const model = policyModel(policy);
  return moderation !== undefined && !models.has(model) && isModerationModel(model);
}

export function policyWindow({ window = DEFAULT_WINDOW }: PolicyOptions): number {
  return window;
}

/** @throws TypeError that names what cannot be */
export function checkPolicy(
  policy: PolicyOptions,
  models: ModelRegistry,
  moderation: ModerationOptions | undefined,
  platform: boolean,
): void {
  const model = policyModel(policy);
  if (!models.has(model) && !models.fallback && !moderation) {
    throw new TypeError(`policy: nobody moderates as "${model}"; see the option \`moderation\``);
  }
  const window = policyWindow(policy);
  if (!(Number.isSafeInteger(window) && window >= 1 && window <= LARGEST_WINDOW)) {
    throw new TypeError(`policy.window must be a whole number of characters from 1 to ${LARGEST_WINDOW}`);
  }
  if (policy.strikes) {
    checkStrikes(policy.strikes);
    if (!platform)
      throw new TypeError("policy.strikes needs the option `platform`: they are for keys that it has issued");
  }
  const rules = Object.entries(policy.projects ?? {}).map(([id, rule]) => [`policy.projects["${id}"]`, rule] as const);
  for (const [name, rule] of [["policy", policy] as const, ...rules]) {
    for (const side of SIDES) {
      if (!ACTIONS.includes(rule[side])) throw new TypeError(`${name}.${side} must be "block", "flag" or "log"`);
    }
  }
}
