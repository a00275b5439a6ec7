import type { ChatCompletion, ChatCompletionMessage, ChatToolCall } from "@outlet/core";
import type { Script } from "./script.ts";

export type Said = Partial<ChatCompletionMessage> & {
  finish_reason?: ChatCompletion["choices"][number]["finish_reason"];
};

/** The tokens that each answer of `saying` reports. */
export const SAID_USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** An engine that says these things one after the other, whole; the last one again and again. */
export function saying(...all: readonly (string | Said)[]): Script["engineChat"] {
  let asked = 0;
  return ({ model }) => {
    const next = all[Math.min(asked++, all.length - 1)] as string | Said;
    const { finish_reason, ...message } = typeof next === "string" ? { content: next } : next;
    return {
      id: "chatcmpl-saying",
      object: "chat.completion",
      created: 1,
      model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, refusal: null, ...message },
          logprobs: null,
          finish_reason: finish_reason ?? (message.tool_calls ? "tool_calls" : "stop"),
        },
      ],
      usage: SAID_USAGE,
    };
  };
}

export function functionCall(name: string, args: object, id = `call_${name}`): ChatToolCall {
  return { id, type: "function", function: { name, arguments: JSON.stringify(args) } };
}
