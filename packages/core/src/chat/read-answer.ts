import { newId } from "../ids.ts";
import type { ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";
import type {
  ChatChoice,
  ChatCompletionMessage,
  ChatToolCall,
} from "../resources/chat/completions/chat-completions.types.ts";
import { type ContentRule, contentProblem } from "./content-rule.ts";
import { findJson } from "./json-text.ts";
import { argumentsProblem } from "./tool-calls.ts";
import { type Calling, toolName } from "./tool-choice.ts";

/** What a whole answer must be before any of it is sent. */
export interface Expected {
  readonly content: ContentRule | undefined;
  readonly calling: Calling;
  /** More than one tool may be called at once. */
  readonly parallel: boolean;
  /** Tools are called in JSON text, because the model has none of its own. */
  readonly prompted: boolean;
}

/** What may be sent, or why the answer cannot be used: worded for the model, and for the client's error. */
export type Reading = { readonly choice: ChatChoice } | { readonly problem: string };

interface Spoken {
  readonly content: string | null;
  readonly calls: readonly ChatToolCall[];
}

export function readAnswer(expected: Expected, choice: ChatChoice): Reading {
  const { message, finish_reason } = choice;
  if (message.refusal) return { choice };
  if (finish_reason !== "stop" && finish_reason !== "tool_calls") return { choice: cutOff(expected, choice) };
  const spoken = expected.prompted ? readPrompted(expected, message.content ?? "") : readNative(expected, message);
  if ("problem" in spoken) return spoken;
  const { content, calls } = spoken;
  const problem = calls.length > 0 ? callsProblem(calls, expected) : textProblem(content ?? "", expected);
  if (problem !== undefined) return { problem };
  const kept = expected.parallel ? calls : calls.slice(0, 1);
  if (kept.length === 0) {
    const { tool_calls: _calls, ...rest } = message;
    return { choice: { ...choice, message: { ...rest, content }, finish_reason: "stop" } };
  }
  const finish = expected.calling.named ? "stop" : "tool_calls";
  return { choice: { ...choice, message: { ...message, content, tool_calls: [...kept] }, finish_reason: finish } };
}

function readNative({ content: rule }: Expected, { content, tool_calls = [] }: ChatCompletionMessage): Spoken {
  if (!rule || tool_calls.length > 0) return { content, calls: tool_calls };
  return { content: findJson(content ?? "")?.text ?? content, calls: [] };
}

function readPrompted({ content: rule, calling }: Expected, said: string): Spoken | { problem: string } {
  const json = findJson(said);
  const value = json?.value;
  if (calling.mode === "none") return { content: rule ? (json?.text ?? said) : said, calls: [] };
  if (!isObject(value)) {
    return said.includes('"tool_calls"') ? { problem: "it is not valid JSON" } : { content: said, calls: [] };
  }
  if (Array.isArray(value.tool_calls)) {
    const calls = value.tool_calls.map((call) => readCall(call, calling.offered));
    if (calls.length === 0) return { problem: "'tool_calls' is empty" };
    const wrong = calls.find((call) => typeof call === "string");
    return wrong === undefined ? { content: null, calls: calls as ChatToolCall[] } : { problem: wrong as string };
  }
  if (Object.keys(value).length === 1 && Object.hasOwn(value, "content")) {
    const { content } = value;
    return { content: typeof content === "string" ? content : JSON.stringify(content), calls: [] };
  }
  return { content: rule ? (json?.text ?? said) : said, calls: [] };
}

/** One call of a prompted model's, or what is wrong with it. */
function readCall(call: unknown, offered: readonly ChatTool[]): ChatToolCall | string {
  if (!isObject(call)) return "'tool_calls' has an item that is not an object";
  const tool = offered.find((candidate) => toolName(candidate) === call.name);
  if (!tool) return `there is no such tool; the tools are ${offered.map(toolName).join(", ").slice(0, 1000)}`;
  const id = newId("call_");
  const name = toolName(tool);
  const given = tool.type === "custom" ? (call.input ?? call.arguments) : (call.arguments ?? {});
  if (tool.type === "custom") {
    if (typeof given !== "string") return `the 'input' of '${name}' is not a text`;
    return { id, type: "custom", custom: { name, input: given } };
  }
  const text = typeof given === "string" ? given : JSON.stringify(given);
  return { id, type: "function", function: { name, arguments: text } };
}

function callsProblem(calls: readonly ChatToolCall[], { calling, prompted }: Expected): string | undefined {
  for (const call of calls) {
    if (call.type === "custom") continue;
    const { name, arguments: text } = call.function;
    const tool = calling.offered.find((candidate) => toolName(candidate) === name);
    if (tool?.type !== "function") {
      const names = calling.offered.map(toolName).join(", ").slice(0, 1000);
      return names === "" ? "no tool may be called now" : `there is no such function; the tools are ${names}`;
    }
    const { strict, parameters = {} } = tool.function;
    const problem = strict ? argumentsProblem(parameters, text) : prompted ? notAnObject(text) : undefined;
    if (problem) return `the arguments of '${name}' do not fit: ${problem}`;
  }
  return undefined;
}

function notAnObject(text: string): string | undefined {
  try {
    return isObject(JSON.parse(text)) ? undefined : "they are not an object";
  } catch {
    return "they are not valid JSON";
  }
}

function textProblem(content: string, { calling, content: rule }: Expected): string | undefined {
  if (calling.mode === "required")
    return `no tool was called; call ${calling.offered.map(toolName).join(" or ").slice(0, 1000)}`;
  return rule && contentProblem(rule, content);
}

const CONTENT_START = /^\s*\{\s*"content"\s*:\s*"/;

/** An answer that ran into its token limit, or was filtered: what there is of it goes out, without the form it came in. */
function cutOff({ prompted, calling }: Expected, choice: ChatChoice): ChatChoice {
  const said = choice.message.content ?? "";
  if (!prompted || calling.mode === "none" || !said.trimStart().startsWith("{")) return choice;
  const start = CONTENT_START.exec(said)?.[0].length;
  return {
    ...choice,
    message: { ...choice.message, content: start === undefined ? "" : startOfText(said.slice(start)) },
  };
}

/** As much of a JSON text as has come, without its quotes and escapes. */
function startOfText(json: string): string {
  const [whole = ""] = /^(?:[^"\\]|\\(?:u[0-9a-fA-F]{4}|[^u]))*/.exec(json) ?? [];
  try {
    return JSON.parse(`"${whole}"`) as string;
  } catch {
    return "";
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
