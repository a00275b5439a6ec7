import type { ChatCompletionChunk, ChatDelta } from "@outlet/core";

/** A request, and what an engine that chats answers to it. */
export interface Scene {
  /** Of the file that the stream is kept in. */
  readonly name: string;
  readonly path: "/chat/completions" | "/responses";
  /** Beside the model and `stream`. */
  readonly request: object;
  /** The chunks of the first answer, of the second one, …: an engine is asked once for each choice. */
  readonly answers: readonly (readonly ChatCompletionChunk[])[];
  /** The engine breaks off after its chunks. */
  readonly fails?: true;
}

export const MODEL = "gpt-4o-mini";

type Choice = ChatCompletionChunk["choices"][number];
type Finish = NonNullable<Choice["finish_reason"]>;

const FRAME = { id: "chatcmpl-engine", object: "chat.completion.chunk", created: 1, model: MODEL } as const;

const chunk = (...choices: Choice[]): ChatCompletionChunk => ({ ...FRAME, choices });
const say = (delta: ChatDelta) => chunk({ index: 0, delta, logprobs: null, finish_reason: null });
const end = (finish_reason: Finish) => chunk({ index: 0, delta: {}, logprobs: null, finish_reason });
const usage = (prompt_tokens: number, completion_tokens: number, reasoning_tokens = 0): ChatCompletionChunk => ({
  ...FRAME,
  choices: [],
  usage: {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: 2, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  },
});

// More than ASCII: a character of four bytes, a quote and a line break, which JSON escapes.
const TEXT = [say({ role: "assistant", content: "" }), say({ content: "Olé 🎺," }), say({ content: ' "twice"\n' })];
const CALLS = [
  say({
    role: "assistant",
    tool_calls: [{ index: 0, id: "call_oslo", type: "function", function: { name: "get_weather", arguments: "" } }],
  }),
  say({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
  say({ tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] }),
  say({
    tool_calls: [
      { index: 1, id: "call_rome", type: "function", function: { name: "get_weather", arguments: '{"city":"Rome"}' } },
    ],
  }),
  end("tool_calls"),
  usage(20, 14),
];
const REFUSAL = [
  say({ role: "assistant", content: null, refusal: "" }),
  say({ refusal: "I cannot " }),
  say({ refusal: "help with that." }),
  end("stop"),
  usage(9, 6),
];

const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const chat = {
  messages: [{ role: "user", content: "Go on." }],
  stream_options: { include_usage: true, include_obfuscation: false },
};
const chatTool = { type: "function", function: { name: "get_weather", parameters: PARAMETERS } };
const respond = { input: "Go on.", stream_options: { include_obfuscation: false } };
const responseTool = { type: "function", name: "get_weather", parameters: PARAMETERS, strict: true };

const thought = (reasoning_content: string) => say({ reasoning_content } as ChatDelta);

export const scenes: readonly Scene[] = [
  { name: "chat-text", path: "/chat/completions", request: chat, answers: [[...TEXT, end("stop"), usage(8, 6)]] },
  {
    name: "chat-tool-calls",
    path: "/chat/completions",
    request: { ...chat, tools: [chatTool] },
    answers: [CALLS],
  },
  { name: "chat-refusal", path: "/chat/completions", request: chat, answers: [REFUSAL] },
  {
    name: "chat-two-choices",
    path: "/chat/completions",
    request: { ...chat, n: 2 },
    answers: [
      [say({ role: "assistant", content: "Heads" }), say({ content: "!" }), end("stop"), usage(8, 2)],
      [say({ role: "assistant", content: "Tails" }), say({ content: "." }), end("length"), usage(8, 2)],
    ],
  },
  { name: "chat-error", path: "/chat/completions", request: chat, answers: [TEXT], fails: true },
  { name: "responses-text", path: "/responses", request: respond, answers: [[...TEXT, end("stop"), usage(8, 6)]] },
  {
    name: "responses-function-calls",
    path: "/responses",
    request: { ...respond, tools: [responseTool] },
    answers: [CALLS],
  },
  {
    name: "responses-reasoning",
    path: "/responses",
    request: { ...respond, reasoning: { effort: "low" } },
    answers: [[thought("Let me "), thought("think."), ...TEXT, end("stop"), usage(8, 16, 10)]],
  },
  { name: "responses-refusal", path: "/responses", request: respond, answers: [REFUSAL] },
  {
    name: "responses-incomplete",
    path: "/responses",
    request: { ...respond, max_output_tokens: 16 },
    answers: [[...TEXT, end("length"), usage(8, 16)]],
  },
  { name: "responses-error", path: "/responses", request: respond, answers: [TEXT], fails: true },
];
