import { requestWithout } from "../engine/parameters.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import { type Abilities, honours } from "./abilities.ts";
import { contentInstructions } from "./content-instructions.ts";
import { type ContentRule, checkingContent, contentRuleOf } from "./content-rule.ts";
import { answerTool, readingAnswerTool, withAnswerTool } from "./forced-tool.ts";
import type { Draft } from "./plan-chat.ts";
import { withInstructions } from "./prompted-tools.ts";
import { orderingToolCalls } from "./tool-calls.ts";
import { type Calling, callingOf, toolName } from "./tool-choice.ts";

/**
 * The ladder of `response_format`: the model itself, a tool whose arguments are the answer, being told and asked again.
 * https://platform.openai.com/docs/guides/structured-outputs
 */
export function planFormat(draft: Draft, abilities: Abilities): void {
  const content = contentRuleOf(draft.request);
  if (!content) return;
  const { structured_outputs, json_mode } = abilities.capabilities;
  const able = content.type === "json_schema" ? structured_outputs : json_mode;
  const calling = callingOf(draft.request);
  if (able !== false && honours(abilities, "response_format")) {
    const mayBeCut = Boolean(draft.request.stop?.length) && honours(abilities, "stop");
    if (draft.expected) draft.expected = { ...draft.expected, content };
    else draft.stages.push(() => checkingContent(content, mayBeCut));
  } else if (calling.mode === "required") {
    // The answer will be a tool's call: there is no text to be formed.
    draft.request = requestWithout(draft.request, ["response_format"]);
  } else if (!draft.expected && honours(abilities, "tools") && honours(abilities, "tool_choice")) {
    forceTool(draft, content, calling);
  } else {
    repairFormat(draft, content, calling, abilities);
  }
}

function forceTool(draft: Draft, content: ContentRule, calling: Calling): void {
  const tool = answerTool(content, calling.offered);
  draft.request = withAnswerTool(draft.request, tool, calling);
  if (calling.mode === "none") {
    draft.request = { ...draft.request, parallel_tool_calls: false };
    draft.stages.push(() => orderingToolCalls({ parallel: false, named: true }));
  }
  const mayBeCut = Boolean(draft.request.stop?.length);
  draft.stages.push(
    () => readingAnswerTool(toolName(tool)),
    () => checkingContent(content, mayBeCut),
  );
  draft.emulated.push("response_format=tool");
}

function repairFormat(draft: Draft, content: ContentRule, calling: Calling, abilities: Abilities): void {
  const rest = requestWithout(draft.request, ["response_format"]);
  const { messages, ...request } = calling.mode === "none" ? keepingToJson(rest, abilities) : rest;
  draft.request = { ...request, messages: withInstructions(messages, contentInstructions(content)) };
  draft.expected = draft.expected
    ? { ...draft.expected, content }
    : { content, calling, parallel: request.parallel_tool_calls !== false, prompted: false };
  draft.emulated.push("response_format=repair");
}

/** Asks for JSON of any kind, where the model keeps to that at least. */
export function keepingToJson(request: ChatCompletionRequest, abilities: Abilities): ChatCompletionRequest {
  const able = honours(abilities, "response_format") && abilities.capabilities.json_mode !== false;
  if (able) return { ...request, response_format: { type: "json_object" } };
  return requestWithout(request, ["response_format"]);
}
