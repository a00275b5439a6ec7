import fc from "fast-check";
import type OpenAI from "openai";
import { expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import type { ModelCapabilities } from "../models/model-entry.ts";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
} from "../resources/chat/completions/chat-completions.types.ts";
import { call, completion, modelOf, type Said } from "./test-models.fixture.ts";

interface Scripted {
  said: Said;
  usage: boolean;
  /** Where texts are cut, as fractions of their length. */
  cuts: number[];
  how: "whole" | "list" | "stream" | "upstream";
}

function inTwo(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.map((cut) => Math.floor(cut * text.length)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, i) => text.slice(at[i], end));
}

function chunksOf({ said, cuts, usage }: Scripted): ChatCompletionChunk[] {
  const { choices, usage: counted, ...head } = completion(said);
  const [{ message, finish_reason }] = choices as [ChatCompletion["choices"][0]];
  const chunk = (delta: ChatDelta, finish: typeof finish_reason | null = null): ChatCompletionChunk => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const chunks = [chunk({ role: "assistant", content: "" })];
  for (const part of inTwo(message.content ?? "", cuts)) chunks.push(chunk({ content: part }));
  for (const part of inTwo(message.refusal ?? "", cuts)) chunks.push(chunk({ refusal: part }));
  for (const [index, one] of (message.tool_calls ?? []).entries()) {
    if (one.type !== "function") continue;
    const opening = {
      index,
      id: one.id,
      type: "function" as const,
      function: { name: one.function.name, arguments: "" },
    };
    chunks.push(chunk({ tool_calls: [opening] }));
    for (const part of inTwo(one.function.arguments, cuts)) {
      chunks.push(chunk({ tool_calls: [{ index, function: { arguments: part } }] }));
    }
  }
  chunks.push(chunk({}, finish_reason));
  if (usage && counted) chunks.push({ ...head, object: "chat.completion.chunk", choices: [], usage: counted });
  return chunks;
}

function wholeOf({ said, usage }: Scripted): ChatCompletion {
  const { usage: counted, ...rest } = completion(said);
  return { ...rest, ...(usage && counted && { usage: counted }) };
}

function engineOf(script: Scripted): Engine {
  async function* stream() {
    yield* chunksOf(script);
  }
  if (script.how !== "upstream") {
    const answers = { whole: () => wholeOf(script), list: () => chunksOf(script), stream };
    return { specificationVersion: "v1", chat: answers[script.how] };
  }
  return {
    specificationVersion: "v1",
    async forward({ stream: streamed }) {
      const text = streamed
        ? [...chunksOf(script).map((chunk) => JSON.stringify(chunk)), "[DONE]"]
            .map((data) => `data: ${data}\n\n`)
            .join("")
        : JSON.stringify(wholeOf(script));
      const bytes = new TextEncoder().encode(text);
      return { status: 200, headers: {}, body: streamed ? torn(bytes, script.cuts) : bytes };
    },
  };
}

/** Bytes in pieces that end anywhere: in an event, an escape, a character. */
async function* torn(bytes: Uint8Array, cuts: readonly number[]) {
  const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b), bytes.length];
  for (const [i, end] of at.slice(1).entries()) yield bytes.subarray(at[i], end);
}

const schema = {
  type: "object",
  properties: { text: { type: "string" } },
  required: ["text"],
  additionalProperties: false,
};
const response_format = { type: "json_schema" as const, json_schema: { name: "said", strict: true, schema } };
const tools = [{ type: "function" as const, function: { name: "f", parameters: schema, strict: true } }];
const LACKING = { structured_outputs: false, json_mode: false, tools: false };

/** What is asked, of what kind of model, and how its engine must put the same text for it. */
const ROADS: Record<string, { more: object; capabilities: ModelCapabilities; says: (text: string) => Said }> = {
  words: { more: {}, capabilities: {}, says: (content) => ({ content }) },
  "a refusal": { more: { response_format }, capabilities: {}, says: (text) => ({ refusal: text || "No." }) },
  "a cut answer": {
    more: {},
    capabilities: {},
    says: (content) => ({ content, finish_reason: "length" }),
  },
  "a schema": { more: { response_format }, capabilities: {}, says: (text) => ({ content: JSON.stringify({ text }) }) },
  "a schema, by a tool": {
    more: { response_format },
    capabilities: { structured_outputs: false },
    says: (text) => ({ tool_calls: [call("said", { text })] }),
  },
  "a schema, by being asked": {
    more: { response_format },
    capabilities: LACKING,
    says: (text) => ({ content: `Here: ${JSON.stringify({ text })}` }),
  },
  calls: {
    more: { tools },
    capabilities: {},
    says: (text) => ({ content: text || null, tool_calls: [call("f", { text }, "a"), call("f", { text: "" }, "b")] }),
  },
  "calls that are checked first": {
    more: { tools },
    capabilities: { structured_outputs: false },
    says: (text) => ({ tool_calls: [call("f", { text }, "a"), call("f", { text: "" }, "b")] }),
  },
  "calls in words": {
    more: { tools },
    capabilities: LACKING,
    says: (text) => ({ content: JSON.stringify({ tool_calls: [{ name: "f", arguments: { text } }] }) }),
  },
};

const script = fc.record({
  text: fc.string({ unit: fc.constantFrom(...'ab \n"\\/{}\u0000', "ü", "日", "😀", "```"), maxLength: 30 }),
  usage: fc.boolean(),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  how: fc.constantFrom("whole" as const, "list" as const, "stream" as const, "upstream" as const),
  n: fc.integer({ min: 1, max: 3 }),
});

/** What two replies may differ in: the ids that are made for each, and what the SDK adds to what it reads. */
function comparable({ choices, usage }: OpenAI.ChatCompletion) {
  return {
    usage,
    choices: choices.map(({ index, finish_reason, message: { content, refusal, tool_calls } }) => ({
      index,
      finish_reason,
      // A stream begins before anybody knows that there will be no text: its text is empty where the whole has none.
      content: content || null,
      refusal: refusal ?? null,
      calls: (tool_calls ?? []).map((one) => one.type === "function" && [one.function.name, one.function.arguments]),
    })),
  };
}

test.each(Object.entries(ROADS))(
  "a stream and its whole twin are the same, however they come: %s",
  async (_road, { more, capabilities, says }) => {
    await fc.assert(
      fc.asyncProperty(script, async ({ text, n, ...how }) => {
        const { client } = modelOf(engineOf({ ...how, said: says(text) }), capabilities);
        const asked = { model: "m", messages: [{ role: "user" as const, content: "Hi" }], n, ...more };
        const whole = await client.chat.completions.create(asked);
        const stream = client.chat.completions.stream({ ...asked, stream_options: { include_usage: true } });
        const chunks: OpenAI.ChatCompletionChunk[] = [];
        stream.on("chunk", (chunk) => chunks.push(chunk));
        const final = comparable(await stream.finalChatCompletion());
        expect({ ...final, usage: chunks.at(-1)?.usage }).toEqual(comparable(whole));
      }),
      { numRuns: 25 },
    );
  },
);
