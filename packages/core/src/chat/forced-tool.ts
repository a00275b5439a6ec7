import type { Stage } from "../engine/pieces.ts";
import type { ChatCompletionRequest, ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatDelta, ChatToolCallDelta } from "../resources/chat/completions/chat-completions.types.ts";
import type { ChatPiece } from "./chat-pieces.ts";
import type { ContentRule } from "./content-rule.ts";
import { findJson } from "./json-text.ts";
import { type Calling, toolName } from "./tool-choice.ts";

/** A tool whose arguments are the answer: a model that calls tools keeps to their schemas, whatever else it cannot do. */
export function answerTool({ name, description, schema }: ContentRule, beside: readonly ChatTool[]): ChatTool {
  const taken = new Set(beside.map(toolName));
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name.slice(0, 56)}_${i}`;
  return {
    type: "function",
    function: {
      name: free,
      description: `Gives the answer, as JSON. Call it once, with the whole answer.${description ? ` ${description}` : ""}`,
      parameters: schema ?? { type: "object", additionalProperties: true },
    },
  };
}

/** The request with the answer's tool in place of `response_format`. The client's own tools stay callable beside it. */
export function withAnswerTool(
  { response_format: _format, ...request }: ChatCompletionRequest,
  tool: ChatTool,
  { offered, mode }: Calling,
): ChatCompletionRequest {
  if (mode === "none") {
    return { ...request, tools: [tool], tool_choice: { type: "function", function: { name: toolName(tool) } } };
  }
  return { ...request, tools: [...offered, tool], tool_choice: "required" };
}

/**
 * Turns the call of the answer's tool into an answer's text, delta by delta. A model that calls another tool first has
 * called that one; one that calls none has answered in words, which are held until that is sure.
 */
export function readingAnswerTool(name: string): Stage<ChatPiece> {
  let answerIndex: number | undefined;
  const answers = new Set<number>();
  let calls = false;
  let held = "";
  const textOf = (parts: readonly ChatToolCallDelta[]): string => {
    let text = "";
    for (const { index, function: called } of parts) {
      if (called?.name === name) {
        answers.add(index);
        if (!calls) answerIndex ??= index;
      } else if (called?.name !== undefined && answerIndex === undefined) calls = true;
      if (index === answerIndex) text += called?.arguments ?? "";
    }
    return text;
  };
  return {
    push(piece) {
      const { content, tool_calls = [], ...rest } = piece.delta ?? {};
      const ended = piece.finish_reason;
      const said = textOf(tool_calls);
      held += content ?? "";
      const delta: ChatDelta = rest;
      if (answerIndex !== undefined) {
        if (said) delta.content = said;
        return { ...piece, delta, finish_reason: ended === "tool_calls" ? "stop" : ended };
      }
      if ((calls || ended) && held) {
        delta.content = calls ? held : (findJson(held)?.text ?? held);
        held = "";
      }
      const others = tool_calls.filter(({ index }) => !answers.has(index));
      if (others.length > 0) delta.tool_calls = others;
      return { ...piece, delta };
    },
  };
}
