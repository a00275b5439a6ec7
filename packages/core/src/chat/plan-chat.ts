import { requestWithout } from "../engine/parameters.ts";
import type { Stage } from "../engine/pieces.ts";
import { unsupportedParameter } from "../errors/catalogue.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import { type Abilities, honours, usesTools } from "./abilities.ts";
import type { ChatPiece } from "./chat-pieces.ts";
import { contentRuleOf } from "./content-rule.ts";
import { asFunctionCall, functionsAsTools, usesFunctions } from "./legacy-functions.ts";
import { planFormat } from "./plan-format.ts";
import { planTools, promptTools } from "./plan-tools.ts";
import type { Expected } from "./read-answer.ts";

/** Parameters that a plan sees to: they are asked of the engine, made up for, or refused. */
export const PLANNED = [
  "response_format",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
] as const;

/** How a chat is asked of a model, so that the client gets what it asked for whatever the model can do by itself. */
export interface ChatPlan {
  /** What the engine is asked. */
  readonly request: ChatCompletionRequest;
  /** What is done to every piece that the engine says of a choice; made anew for each choice and attempt. */
  readonly stages: () => Stage<ChatPiece>[];
  /** What is done to every piece that is sent; made anew for each choice. */
  readonly finishing: () => Stage<ChatPiece>[];
  /** What an answer must be before any of it is sent; absent where it is sent as it comes. */
  readonly expected: Expected | undefined;
  /** What is made up for, as `outlet-emulated` has it: `response_format=tool`. */
  readonly emulated: readonly string[];
}

/** A plan on its way from what was asked to what can be done. */
export interface Draft {
  request: ChatCompletionRequest;
  readonly stages: (() => Stage<ChatPiece>)[];
  expected: Expected | undefined;
  readonly emulated: string[];
}

export function planChat(asked: ChatCompletionRequest, abilities: Abilities): ChatPlan {
  if (!needsPlan(asked)) return asIs(asked);
  const draft: Draft = { request: asked, stages: [], expected: undefined, emulated: [] };
  const legacy = usesFunctions(asked) && !honours(abilities, "functions");
  if (legacy) {
    if (asked.functions && asked.tools?.length) throw unsupportedParameter("functions", asked.model, "Send 'tools'.");
    draft.request = functionsAsTools(asked);
    draft.emulated.push("functions");
  }
  const prompted = usesTools(draft.request) && !honours(abilities, "tools") && promptTools(draft, abilities);
  if (!prompted) {
    planTools(draft, abilities);
    planFormat(draft, abilities);
  }
  const { request, stages, expected, emulated } = draft;
  if (expected && asked.logprobs) throw unsupportedParameter("logprobs", asked.model);
  const unhonoured = PLANNED.filter((name) => !honours(abilities, name));
  return {
    request: requestWithout(request, unhonoured),
    stages: () => stages.map((make) => make()),
    finishing: () => (legacy && asked.functions ? [asFunctionCall()] : []),
    expected,
    emulated,
  };
}

function needsPlan(request: ChatCompletionRequest): boolean {
  return contentRuleOf(request) !== undefined || usesTools(request) || usesFunctions(request);
}

const NO_STAGES = () => [];

function asIs(request: ChatCompletionRequest): ChatPlan {
  return { request, stages: NO_STAGES, finishing: NO_STAGES, expected: undefined, emulated: [] };
}
