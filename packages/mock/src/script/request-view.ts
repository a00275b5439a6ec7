import type { ChatMessage } from "@outlet/core";
import { encodingFor } from "../tokens/encoding.ts";
import { decodeTokens } from "../tokens/tokens.ts";
import type { MockRequest, ScriptedOperation, ToolResult } from "./rule.types.ts";

/** What rules and default answers ask of a request, computed when asked. */
export interface RequestView {
  readonly operation: ScriptedOperation;
  readonly request: MockRequest;
  readonly user: string;
  readonly system: string;
  readonly toolResults: readonly ToolResult[];
  readonly turn: number;
  readonly step: number;
  readonly texts: readonly string[];
  readonly toolNames: readonly string[];
}

export function viewRequest(operation: ScriptedOperation, request: MockRequest): RequestView {
  const messages = request.messages ?? [];
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  return {
    operation,
    request,
    get user() {
      if (operation === "createChatCompletion") return lastUser < 0 ? "" : textOf(messages[lastUser] as ChatMessage);
      return promptTexts(request).join("\n");
    },
    get system() {
      return messages
        .filter(({ role }) => role === "system" || role === "developer")
        .map(textOf)
        .join("\n");
    },
    get toolResults() {
      return toolResultsOf(messages);
    },
    get turn() {
      return Math.max(0, messages.filter(({ role }) => role === "user").length - 1);
    },
    get step() {
      return messages.slice(lastUser + 1).filter(({ role }) => role === "assistant").length;
    },
    get texts() {
      return operation === "createChatCompletion" ? messages.map(textOf) : promptTexts(request);
    },
    get toolNames() {
      const legacy = (request.functions ?? []) as { name: string }[];
      return [
        ...(request.tools ?? []).map((tool) => (tool.type === "custom" ? tool.custom.name : tool.function.name)),
        ...legacy.map(({ name }) => name),
      ];
    },
  };
}

export function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
}

function promptTexts({ model, prompt, input }: MockRequest): string[] {
  const value = prompt ?? input ?? "";
  if (typeof value === "string") return [value];
  const list = typeof value[0] === "number" ? [value as number[]] : (value as (string | number[])[]);
  return list.map((one) => (typeof one === "string" ? one : decodeTokens(one, encodingFor(model))));
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
