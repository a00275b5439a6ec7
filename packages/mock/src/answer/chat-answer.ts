import type { ChatCompletionRequest } from "@outlet/core";
import { hash } from "../hash.ts";
import { newId } from "../ids.ts";
import { textMatching } from "../schema/pattern-text.ts";
import type { SchemaNode } from "../schema/schema.types.ts";
import { valueFor } from "../schema/value.ts";
import type { RequestView } from "../script/request-view.ts";
import { chatText } from "./chat-text.ts";
import type { SaidCall, Saying } from "./saying.ts";
import { chosenTools, type OfferedTool } from "./tool-choice.ts";
import { topicsOf } from "./topics.ts";

/**
 * What a mock answers a conversation with when no rule does.
 * @param variation sets the choices of one request apart; 0 for the first
 */
export function chatAnswer(view: RequestView, request: ChatCompletionRequest, variation: number): Saying {
  const tools = chosenTools(request, view);
  const [first] = tools;
  if (first?.kind === "legacy") {
    return { functionCall: { name: first.name, arguments: argumentsFor(first, view, variation) } };
  }
  if (tools.length > 0) return { calls: tools.map((tool) => callOf(tool, view, variation)) };
  return { content: formatted(view, request, variation) };
}

/** A call with made-up arguments. */
function callOf(tool: OfferedTool, view: RequestView, variation = 0): SaidCall {
  const id = newId("call_");
  if (tool.kind !== "custom")
    return { id, type: "function", name: tool.name, text: argumentsFor(tool, view, variation) };
  const { user } = view;
  const { grammar } = tool;
  const matching =
    grammar?.syntax === "regex" ? textMatching(grammar.definition, 0, 1000, hash(user, variation)) : null;
  return { id, type: "custom", name: tool.name, text: matching ?? user };
}

export function argumentsFor({ name, parameters }: OfferedTool, { user }: RequestView, variation: number): string {
  const schema = { type: "object", ...parameters } as SchemaNode;
  return JSON.stringify(valueFor(schema, { text: user, seed: hash(name + user, variation), optional: "mentioned" }));
}

function formatted(view: RequestView, request: ChatCompletionRequest, variation: number): string {
  const text = () => chatText(view, request, variation);
  const format = request.response_format;
  if (format?.type === "json_object") {
    return JSON.stringify({ answer: text(), topics: topicsOf(view.user, 3) });
  }
  if (format?.type === "json_schema") {
    const source = view.toolResults.map((result) => result.text).join("\n") || view.user;
    const schema = (format.json_schema.schema ?? { type: "object" }) as SchemaNode;
    return JSON.stringify(valueFor(schema, { text: source, seed: hash(source, variation), optional: "all" }));
  }
  return text();
}
