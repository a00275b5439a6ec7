import type { ChatMessage, ModerationPart } from "@outlet/core";
import { encodingFor } from "../tokens/encoding.ts";
import { decodeTokens } from "../tokens/tokens.ts";
import type { MockRequest, ScriptedOperation, ToolResult } from "./rule.types.ts";

/** What rules and default answers ask of a request, computed when asked. */
export class RequestView {
  readonly operation: ScriptedOperation;
  readonly request: MockRequest;
  readonly #messages: readonly ChatMessage[];
  /** Where the last user message is; -1 when there is none. */
  readonly #lastUser: number;
  #user: string | undefined;
  #texts: readonly string[] | undefined;

  constructor(operation: ScriptedOperation, request: MockRequest) {
    this.operation = operation;
    this.request = request;
    this.#messages = request.messages ?? [];
    this.#lastUser = this.#messages.findLastIndex(({ role }) => role === "user");
  }

  get user(): string {
    this.#user ??=
      this.operation !== "createChatCompletion"
        ? this.texts.join("\n")
        : this.#lastUser < 0
          ? ""
          : textOf(this.#messages[this.#lastUser] as ChatMessage);
    return this.#user;
  }

  get system(): string {
    return this.#messages
      .filter(({ role }) => role === "system" || role === "developer")
      .map(textOf)
      .join("\n");
  }

  get toolResults(): readonly ToolResult[] {
    return toolResultsOf(this.#messages);
  }

  get turn(): number {
    return Math.max(0, this.#messages.filter(({ role }) => role === "user").length - 1);
  }

  get step(): number {
    return this.#messages.slice(this.#lastUser + 1).filter(({ role }) => role === "assistant").length;
  }

  get texts(): readonly string[] {
    this.#texts ??= this.operation === "createChatCompletion" ? this.#messages.map(textOf) : promptTexts(this.request);
    return this.#texts;
  }

  get toolNames(): readonly string[] {
    const { tools = [], functions = [] } = this.request;
    return [
      ...tools.map((tool) => (tool.type === "custom" ? tool.custom.name : tool.function.name)),
      ...(functions as { name: string }[]).map(({ name }) => name),
    ];
  }
}

export function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
}

function promptTexts({ model, prompt, input }: MockRequest): string[] {
  const value = prompt ?? input ?? "";
  if (typeof value === "string") return [value];
  const list = typeof value[0] === "number" ? [value as number[]] : (value as (string | number[] | ModerationPart)[]);
  return list.map((one) => {
    if (typeof one === "string") return one;
    if (Array.isArray(one)) return decodeTokens(one, encodingFor(model));
    return one.type === "text" ? one.text : "";
  });
}

function toolResultsOf(messages: readonly ChatMessage[]): ToolResult[] {
  const results: ToolResult[] = [];
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as ChatMessage;
    if (message.role === "function") results.unshift({ id: "", name: message.name, text: textOf(message) });
    else if (message.role === "tool") {
      const id = message.tool_call_id;
      results.unshift({ id, name: calledName(messages, id), text: textOf(message) });
    } else break;
  }
  return results;
}

function calledName(messages: readonly ChatMessage[], id: string): string {
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    const call = message.tool_calls?.find((one) => one.id === id);
    if (call) return call.type === "custom" ? call.custom.name : call.function.name;
  }
  return "";
}
