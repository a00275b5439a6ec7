import type { Stage } from "../engine/pieces.ts";
import type { ChatCompletionRequest, ChatMessage } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatPiece } from "./chat-pieces.ts";

/** True when a request speaks of functions as they were before there were tools. */
export function usesFunctions({ functions, messages }: ChatCompletionRequest): boolean {
  return functions !== undefined || messages.some(isLegacy);
}

function isLegacy(message: ChatMessage): boolean {
  return message.role === "function" || (message.role === "assistant" && message.function_call != null);
}

/** The same request in terms of tools. https://platform.openai.com/docs/api-reference/chat/create#chat-create-functions */
export function functionsAsTools(request: ChatCompletionRequest): ChatCompletionRequest {
  const { functions, function_call, ...rest } = request;
  const messages = messagesWithTools(request.messages);
  if (!functions) return { ...rest, messages };
  const tool_choice =
    typeof function_call === "object" ? { type: "function" as const, function: function_call } : function_call;
  return {
    ...rest,
    messages,
    tools: functions.map((definition) => ({ type: "function", function: definition })),
    parallel_tool_calls: false,
    ...(tool_choice && { tool_choice }),
  };
}

/** A call gets an id that its result can name; a result that nobody asked for gets a call. */
function messagesWithTools(messages: readonly ChatMessage[]): ChatMessage[] {
  const out: ChatMessage[] = [];
  let open: string | undefined;
  const call = (message: Extract<ChatMessage, { role: "assistant" }>, name: string, text: string) => {
    open = `call_${out.length}`;
    out.push({ ...message, tool_calls: [{ id: open, type: "function", function: { name, arguments: text } }] });
  };
  for (const message of messages) {
    if (message.role === "assistant" && message.function_call) {
      const { function_call, ...rest } = message;
      call(rest, function_call.name, function_call.arguments);
    } else if (message.role === "function") {
      if (open === undefined) call({ role: "assistant" }, message.name, "{}");
      out.push({ role: "tool", tool_call_id: String(open), content: message.content ?? "" });
      open = undefined;
    } else {
      out.push(message);
      open = undefined;
    }
  }
  return out;
}

/** An answer in terms of tools, back in terms of functions. */
export function asFunctionCall(): Stage<ChatPiece> {
  return {
    push(piece) {
      const finish_reason = piece.finish_reason === "tool_calls" ? "function_call" : piece.finish_reason;
      const { tool_calls, ...delta } = piece.delta ?? {};
      const called = tool_calls?.find(({ index }) => index === 0)?.function;
      if (!tool_calls) return finish_reason === piece.finish_reason ? piece : { ...piece, finish_reason };
      return { ...piece, finish_reason, delta: called ? { ...delta, function_call: called } : delta };
    },
  };
}
