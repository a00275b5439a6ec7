import { engineFailed } from "../errors/catalogue.ts";
import type { ChatCompletionMessage, ChatDelta } from "../resources/chat/completions/chat-completions.types.ts";

/** Tool calls of one answer. Their index is a position in a list, which a wrong one would make gigantic. */
const MAX_TOOL_CALLS = 1024;

/**
 * Holds what an engine says against what it may say, as far as core builds on it: a client must not get numbers where it
 * expects text, and an answer that is not one must not look whole.
 */
export function checkDelta(delta: ChatDelta | undefined): void {
  if (delta === undefined) return;
  if (typeof delta !== "object" || delta === null) throw malformed("delta");
  const { content, refusal, tool_calls, function_call } = delta;
  if (content != null && typeof content !== "string") throw malformed("content");
  if (refusal != null && typeof refusal !== "string") throw malformed("refusal");
  if (function_call != null) checkTexts(function_call, "function_call");
  if (tool_calls == null) return;
  if (!Array.isArray(tool_calls)) throw malformed("tool_calls");
  for (const call of tool_calls) {
    if (typeof call !== "object" || call === null) throw malformed("tool_calls");
    const { index, id } = call;
    if (!Number.isInteger(index) || index < 0 || index >= MAX_TOOL_CALLS) throw malformed("tool_calls[].index");
    if (id != null && typeof id !== "string") throw malformed("tool_calls[].id");
    if (call.function != null) checkTexts(call.function, "tool_calls[].function");
    if (call.custom != null) checkTexts(call.custom, "tool_calls[].custom");
  }
}

/** The same for a whole answer's message. */
export function checkMessage(message: ChatCompletionMessage): void {
  if (typeof message !== "object" || message === null) throw malformed("message");
  const { content, refusal, function_call, tool_calls } = message;
  if (tool_calls != null && !Array.isArray(tool_calls)) throw malformed("tool_calls");
  if (tool_calls?.some((call) => typeof call !== "object" || call === null)) throw malformed("tool_calls");
  if (!function_call && !tool_calls) {
    checkDelta({ content, refusal });
    return;
  }
  checkDelta({
    content,
    refusal,
    ...(function_call && { function_call }),
    ...(tool_calls && { tool_calls: tool_calls.map((call, index) => ({ ...call, index })) }),
  });
}

function checkTexts(value: object, name: string): void {
  if (typeof value !== "object") throw malformed(name);
  for (const [key, text] of Object.entries(value)) {
    if (text != null && typeof text !== "string") throw malformed(`${name}.${key.slice(0, 64)}`);
  }
}

function malformed(name: string) {
  return engineFailed(`The model's answer has a '${name}' that is not what it should be.`);
}
