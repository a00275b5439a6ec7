import assert from "node:assert/strict";
import type { ChatCompletionRequest } from "@outlet/core";
import type OpenAI from "openai";
import type { RequirementContext } from "../requirement.ts";
import { assertError, type ExpectedError } from "./assert-error.ts";
import { type EventStream, readEvents } from "./event-stream.ts";
import type { RawRequest } from "./http-client.ts";
import { MODELS } from "./models.ts";

type Body = Readonly<Record<string, unknown>>;

export const CHAT = "/chat/completions";
export const COMPLETIONS = "/completions";
export const EMBEDDINGS = "/embeddings";
export const MODERATIONS = "/moderations";
export const CONVERSATIONS = "/conversations";

export const RESPONSES = "/responses";
export const COMPACT = "/responses/compact";

export const SAY_HELLO = [{ role: "user", content: "Say hello." }] as const satisfies ChatCompletionRequest["messages"];

/** A chat request for the chatting function, with whatever is under test. */
export function chatBody(more: Body = {}): Body {
  return { model: MODELS.chat, messages: SAY_HELLO, ...more };
}

export function completionBody(more: Body = {}): Body {
  return { model: MODELS.text, prompt: "Once upon", ...more };
}

export function embeddingBody(more: Body = {}): Body {
  return { model: MODELS.vectors, input: "a text", ...more };
}

export function responseBody(more: Body = {}): Body {
  return { model: MODELS.chat, input: "Say hello.", ...more };
}

export function moderationBody(more: Body = {}): Body {
  return { model: MODELS.moderator, input: "a text", ...more };
}

/** Sends JSON that must be answered with 200; gives the parsed reply. */
export async function ok<Reply>({ http }: Pick<RequirementContext, "http">, path: string, body: Body): Promise<Reply> {
  const reply = await http.send({ path, body });
  assert.equal(reply.status, 200, reply.text);
  return reply.json() as Reply;
}

/** Sends what must be refused before an engine is reached. */
export async function refused(
  { http, engines }: Pick<RequirementContext, "http" | "engines">,
  request: RawRequest,
  expected: ExpectedError,
): Promise<void> {
  assertError(await http.send(request), expected);
  assert.equal(engines.calls.length, 0, "the request reached an engine");
}

/** Metadata that is refused wherever an object takes some: `[metadata, param in the error]`. */
export const WRONG_METADATA: readonly (readonly [unknown, string])[] = [
  ["text", "metadata"],
  [{ a: 1 }, "metadata.a"],
  [{ a: "x".repeat(513) }, "metadata.a"],
  [{ ["k".repeat(65)]: "v" }, `metadata.${"k".repeat(64)}`],
  [Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "v"])), "metadata"],
];

/** As much metadata as there may be. */
export const FULL_METADATA: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [`${i}`.padEnd(64, "k"), "v".repeat(512)]),
);

export interface ChunkStream<Chunk> extends EventStream {
  readonly chunks: readonly Chunk[];
}

/** Streams a reply to its end, which must be `[DONE]`; gives its chunks parsed. */
async function streamed<Chunk>(
  { http }: Pick<RequirementContext, "http">,
  path: string,
  body: Body,
): Promise<ChunkStream<Chunk>> {
  const stream = await readEvents(http, { path, body: { ...body, stream: true } });
  assert.equal(stream.data.at(-1), "[DONE]", "the stream does not end in [DONE]");
  assert.ok(stream.data.length > 1, "the stream says nothing");
  return { ...stream, chunks: stream.data.slice(0, -1).map((data) => JSON.parse(data) as Chunk) };
}

export function streamedChat(
  context: Pick<RequirementContext, "http">,
  more: Body = {},
): Promise<ChunkStream<OpenAI.ChatCompletionChunk>> {
  return streamed(context, CHAT, chatBody(more));
}

export function complete(context: Pick<RequirementContext, "http">, more: Body = {}): Promise<OpenAI.Completion> {
  return ok<OpenAI.Completion>(context, COMPLETIONS, completionBody(more));
}

export function streamedCompletion(
  context: Pick<RequirementContext, "http">,
  more: Body = {},
): Promise<ChunkStream<OpenAI.Completion>> {
  return streamed(context, COMPLETIONS, completionBody(more));
}
