import type { ChatCompletionRequest } from "@outlet/core";
import { argumentsFor } from "../answer/chat-answer.ts";
import type { SaidCall, Saying } from "../answer/saying.ts";
import { offeredTools } from "../answer/tool-choice.ts";
import { newId } from "../ids.ts";
import type { RequestView } from "./request-view.ts";
import type { ReplyFields, ToolCallReply } from "./rule.types.ts";

/** What a scripted reply says to a conversation; `null` when it leaves that to the mock. */
export function sayingOf(reply: ReplyFields, view: RequestView, request: ChatCompletionRequest): Saying | null {
  const { text, json, refusal, toolCalls, message, finishReason } = reply;
  const finish = finishReason && { finish: finishReason };
  if (message !== undefined) return { ...wholeMessage(message), ...finish };
  if (text === undefined && json === undefined && refusal === undefined && toolCalls === undefined) return null;
  const content = text ?? (json === undefined ? null : JSON.stringify(json));
  if (toolCalls === undefined && !finish) return { content, refusal: refusal ?? null };
  return {
    content,
    refusal: refusal ?? null,
    ...(toolCalls !== undefined && { calls: [toolCalls].flat().map((call) => callOf(call, view, request)) }),
    ...finish,
  };
}

function callOf(call: string | ToolCallReply, view: RequestView, request: ChatCompletionRequest): SaidCall {
  const { name, input, arguments: given, id = newId("call_") } = typeof call === "string" ? { name: call } : call;
  const tool = offeredTools(request).find((one) => one.name === name);
  if (input !== undefined || tool?.kind === "custom") return { id, type: "custom", name, text: input ?? view.user };
  const made = () => (tool ? argumentsFor(tool, view, 0) : "{}");
  const text = given === undefined ? made() : typeof given === "string" ? given : JSON.stringify(given);
  return { id, type: "function", name, text };
}

function wholeMessage(message: NonNullable<ReplyFields["message"]>): Saying {
  const { role: _role, content = null, refusal = null, tool_calls, function_call, ...extra } = message;
  const calls = tool_calls?.map((call): SaidCall => {
    const { id = newId("call_") } = call;
    if (call.type === "custom") return { id, type: "custom", name: call.custom.name, text: call.custom.input };
    return { id, type: "function", name: call.function.name, text: call.function.arguments };
  });
  return {
    content,
    refusal,
    ...(calls && { calls }),
    ...(function_call && { functionCall: function_call }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}
