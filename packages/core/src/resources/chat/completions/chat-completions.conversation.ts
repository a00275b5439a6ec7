import { invalidRequest } from "../../../errors/catalogue.ts";
import type { ChatMessage } from "./chat-completions.schema.ts";

/**
 * Refuses conversations whose tool calls and results do not belong together: every call is answered, right after it, and every
 * answer is to a call. https://platform.openai.com/docs/guides/function-calling#handling-function-calls
 */
export function refuseOrphans(messages: readonly ChatMessage[]): void {
  /** Calls of the last assistant message, and which of them are answered. */
  let called: Map<string, boolean> | undefined;
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      answer(called, message.tool_call_id, index);
      continue;
    }
    refuseUnanswered(called, index);
    called = undefined;
    if (message.role !== "assistant" || !message.tool_calls) continue;
    if (message.tool_calls.length === 0) throw noCalls(index);
    called = new Map(message.tool_calls.map(({ id }) => [id, false]));
  }
  refuseUnanswered(called, messages.length - 1);
}

function answer(called: Map<string, boolean> | undefined, id: string, index: number): void {
  if (!called) {
    throw invalidRequest(
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      `messages.[${index}].role`,
    );
  }
  const answered = called.get(id);
  const shown = id.slice(0, 64);
  const param = `messages.[${index}].tool_call_id`;
  if (answered === undefined) {
    const message = `Invalid parameter: 'tool_call_id' of '${shown}' not found in 'tool_calls' of previous message.`;
    throw invalidRequest(message, param);
  }
  if (answered) throw invalidRequest(`Duplicate value for 'tool_call_id' of '${shown}' in message[${index}].`, param);
  called.set(id, true);
}

function refuseUnanswered(called: ReadonlyMap<string, boolean> | undefined, index: number): void {
  if (!called) return;
  const open = [...called].flatMap(([id, answered]) => (answered ? [] : [id.slice(0, 64)]));
  if (open.length === 0) return;
  throw invalidRequest(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${open.slice(0, 16).join(", ")}`,
    `messages.[${index}].role`,
  );
}

function noCalls(index: number) {
  const param = `messages[${index}].tool_calls`;
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;
  return invalidRequest(message, param, "empty_array");
}
