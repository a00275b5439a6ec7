import { requestWithout } from "../engine/parameters.ts";
import { unsupportedParameter } from "../errors/catalogue.ts";
import { type Abilities, honours } from "./abilities.ts";
import { contentInstructions } from "./content-instructions.ts";
import { contentRuleOf } from "./content-rule.ts";
import type { Draft } from "./plan-chat.ts";
import { keepingToJson } from "./plan-format.ts";
import { conversationInWords, toolInstructions, withInstructions } from "./prompted-tools.ts";
import type { Expected } from "./read-answer.ts";
import { checkingArguments, orderingToolCalls, strictFunctions } from "./tool-calls.ts";
import { type Calling, callingOf, toolName } from "./tool-choice.ts";

/**
 * Tools of a model that has none: it is told of them, calls them in JSON, and is read before anything is sent. False when
 * none may be called now: then only what was called before is put into words.
 */
export function promptTools(draft: Draft, abilities: Abilities): boolean {
  const { request } = draft;
  refuseGrammars(draft);
  const calling = callingOf(request);
  const content = contentRuleOf(request);
  const parallel = request.parallel_tool_calls !== false;
  const rest = requestWithout(request, ["tools", "tool_choice", "parallel_tool_calls"]);
  draft.request = { ...rest, messages: conversationInWords(rest.messages) };
  draft.emulated.push("tools=prompt");
  if (calling.mode === "none") return false;
  const lines = [toolInstructions(calling, parallel)];
  if (content && calling.mode !== "required") {
    lines.push(`In {"content": …}, <your answer> is itself JSON.\n${contentInstructions(content)}`);
  }
  const { messages, ...spoken } = keepingToJson(draft.request, abilities);
  draft.request = { ...spoken, messages: withInstructions(messages, lines.join("\n\n")) };
  draft.expected = { content, calling, parallel, prompted: true };
  if (content) draft.emulated.push("response_format=repair");
  return true;
}

/** A grammar is a promise about every character, which a model that is only told of it cannot keep. */
function refuseGrammars({ request }: Draft): void {
  for (const [index, tool] of (request.tools ?? []).entries()) {
    if (tool.type === "custom" && tool.custom.format?.type === "grammar") {
      throw unsupportedParameter(`tools[${index}].custom.format`, request.model, "It has no grammars.");
    }
  }
}

/** Tools of a model that calls them itself, with what its engine does not honour of how they are to be called. */
export function planTools(draft: Draft, abilities: Abilities): void {
  const { tools, tool_choice, parallel_tool_calls } = draft.request;
  if (!tools?.length) return;
  const calling = callingOf(draft.request);
  const parallel = parallel_tool_calls !== false;
  draft.stages.push(() => orderingToolCalls({ parallel, named: calling.named }));
  if (!parallel && !honours(abilities, "parallel_tool_calls")) draft.emulated.push("parallel_tool_calls");
  const expected: Expected = { content: undefined, calling, parallel, prompted: false };
  if (tool_choice !== undefined && !honours(abilities, "tool_choice")) chooseTools(draft, calling, expected);
  const strict = strictFunctions(calling.offered);
  if (strict.size === 0) return;
  if (abilities.capabilities.structured_outputs === false) {
    draft.expected = expected;
    draft.emulated.push("tools=repair");
  } else if (!draft.expected) draft.stages.push(() => checkingArguments(strict));
}

/** A choice that the engine does not honour: it is offered what may be called, and asked again when it must call and did not. */
function chooseTools(draft: Draft, calling: Calling, expected: Expected): void {
  const rest = requestWithout(draft.request, ["tool_choice", "tools"]);
  draft.request = calling.mode === "none" ? rest : { ...rest, tools: [...calling.offered] };
  draft.emulated.push("tool_choice");
  if (calling.mode !== "required") return;
  const names = calling.offered.map(toolName).join(" or ");
  const messages = withInstructions(rest.messages, `You must call a tool now: ${names}.`);
  draft.request = { ...draft.request, messages };
  draft.expected = expected;
}
