import type { ChatMessage, ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatToolCall } from "../resources/chat/completions/chat-completions.types.ts";
import type { Calling } from "./tool-choice.ts";

/** What a model that has no tools of its own is told of them, and the form in which it calls them. */
export function toolInstructions({ offered, mode }: Calling, parallel: boolean): string {
  const one = '{"name": "<tool>", "arguments": {…}}';
  const calls = `{"tool_calls": [${one}${parallel ? ", …" : ""}]}`;
  const lines = [
    "You can call tools. You do not see a result before you have answered: call, and it will be given to you.",
    `To call ${parallel ? "one tool or several at once" : "a tool"}, answer with this JSON and nothing else:`,
    calls,
    mode === "required"
      ? "You must call a tool now. Do not answer in any other way."
      : 'When no tool is needed, answer with this JSON and nothing else: {"content": <your answer>}',
  ];
  if (offered.some(({ type }) => type === "custom")) {
    lines.push('A tool of the type "custom" takes free text: {"name": "<tool>", "input": "<text>"}');
  }
  return [...lines, "The tools, with the JSON Schema of what each takes:", ...offered.map(described)].join("\n");
}

function described(tool: ChatTool): string {
  if (tool.type === "custom") {
    const { name, description } = tool.custom;
    return JSON.stringify({ type: "custom", name, description });
  }
  const { name, description, parameters } = tool.function;
  return JSON.stringify({ name, description, parameters: parameters ?? {} });
}

/**
 * A conversation's tool calls and their results, in words: what a model without tools can read. Results of calls that
 * were made together are one message, as many models expect the roles to take turns.
 */
export function conversationInWords(messages: readonly ChatMessage[]): ChatMessage[] {
  const names = new Map<string, string>();
  const out: ChatMessage[] = [];
  let results: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === "assistant" && message.tool_calls?.length) {
      const { tool_calls, ...rest } = message;
      for (const call of tool_calls) names.set(call.id, nameOf(call));
      out.push({ ...rest, content: JSON.stringify({ tool_calls: tool_calls.map(inWords) }) });
    } else if (message.role === "tool") {
      results.push(`The result of ${names.get(message.tool_call_id) ?? "the tool"}:\n${textOf(message.content)}`);
      if (messages[index + 1]?.role === "tool") continue;
      out.push({ role: "user", content: results.join("\n\n") });
      results = [];
    } else {
      out.push(message);
    }
  }
  return out;
}

function textOf(content: Extract<ChatMessage, { role: "tool" }>["content"]): string {
  return typeof content === "string" ? content : content.map(({ text }) => text).join("");
}

function nameOf(call: ChatToolCall): string {
  return call.type === "custom" ? call.custom.name : call.function.name;
}

function inWords(call: ChatToolCall): object {
  if (call.type === "custom") return { name: call.custom.name, input: call.custom.input };
  try {
    return { name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown };
  } catch {
    return { name: call.function.name, arguments: call.function.arguments };
  }
}

/** Adds to what the model is told before the conversation: to its first instructions, where it has some. */
export function withInstructions(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first?.role !== "system" && first?.role !== "developer") return [{ role: "system", content: text }, ...messages];
  const { content } = first;
  const more = typeof content === "string" ? `${content}\n\n${text}` : [...content, { type: "text" as const, text }];
  return [{ ...first, content: more }, ...rest];
}
