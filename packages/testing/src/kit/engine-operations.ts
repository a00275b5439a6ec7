import { PAGES } from "../requirement.ts";
import {
  CHAT,
  COMPACT,
  COMPLETIONS,
  chatBody,
  completionBody,
  EMBEDDINGS,
  embeddingBody,
  MODERATIONS,
  moderationBody,
  RESPONSES,
  responseBody,
} from "./ask.ts";
import type { RawRequest } from "./http-client.ts";
import { JUDGED, MODELS } from "./models.ts";
import type { EngineCall } from "./scripted-engines.ts";
import { sse, upstreamChunk } from "./upstream.ts";
import { upstreamResponseEvents } from "./upstream-response.ts";

/** One kind of model that answers an operation. */
export interface Answering {
  readonly model: string;
  readonly ability: EngineCall["ability"];
  /** What it says first in a stream. */
  readonly piece?: unknown;
}

/** An operation that reaches an engine: what clients that leave must be able to stop. */
export interface EngineOperation {
  readonly id: string;
  /** In the ids of its requirements. */
  readonly topic: string;
  /** In their sentences. */
  readonly noun: string;
  readonly reference: string;
  /** The page on its streams, when it has any. */
  readonly streams?: string;
  readonly answering: readonly Answering[];
  /** A request that this model answers. */
  request(model: string, more?: object): RawRequest;
}

const textChunk = {
  id: "cmpl-engine",
  object: "text_completion",
  created: 1,
  model: MODELS.engine,
  choices: [{ index: 0, text: "one", logprobs: null, finish_reason: null }],
};

/** Every operation that reaches an engine; the suite fails for one that is missing here. */
export const engineOperations: readonly EngineOperation[] = [
  {
    id: "createResponse",
    topic: "responses",
    noun: "response",
    reference: PAGES.responses,
    streams: PAGES.responsesStreaming,
    answering: [
      { model: MODELS.chat, ability: "chat", piece: "one two three" },
      { model: MODELS.engine, ability: "engineChat", piece: upstreamChunk("one") },
      { model: MODELS.upstream, ability: "upstream", piece: sse(upstreamChunk("one")) },
      { model: MODELS.responses, ability: "upstream", piece: upstreamResponseEvents().slice(0, 7).join("") },
    ],
    request: (model, more) => ({ path: RESPONSES, body: responseBody({ model, ...more }) }),
  },
  {
    id: "Compactconversation",
    topic: "compact",
    noun: "compaction",
    reference: PAGES.responseCompact,
    answering: [
      { model: MODELS.chat, ability: "chat" },
      { model: MODELS.engine, ability: "engineChat" },
      { model: MODELS.upstream, ability: "upstream" },
      { model: MODELS.responses, ability: "upstream" },
    ],
    request: (model, more) => ({ path: COMPACT, body: { model, input: "A long talk.", ...more } }),
  },
  {
    id: "createChatCompletion",
    topic: "chat",
    noun: "chat",
    reference: PAGES.chat,
    streams: PAGES.chatStreaming,
    answering: [
      { model: MODELS.chat, ability: "chat", piece: "one two three" },
      { model: MODELS.engine, ability: "engineChat", piece: upstreamChunk("one") },
      { model: MODELS.upstream, ability: "upstream", piece: sse(upstreamChunk("one")) },
    ],
    request: (model, more) => ({ path: CHAT, body: chatBody({ model, ...more }) }),
  },
  {
    id: "createCompletion",
    topic: "completions",
    noun: "completion",
    reference: PAGES.completions,
    streams: PAGES.completions,
    answering: [
      { model: MODELS.text, ability: "text", piece: "one two three" },
      { model: MODELS.engine, ability: "engineComplete", piece: textChunk },
      { model: MODELS.upstream, ability: "upstream", piece: sse(textChunk) },
    ],
    request: (model, more) => ({ path: COMPLETIONS, body: completionBody({ model, ...more }) }),
  },
  {
    id: "createEmbedding",
    topic: "embeddings",
    noun: "list of embeddings",
    reference: PAGES.embeddings,
    answering: [
      { model: MODELS.vectors, ability: "vectors" },
      { model: MODELS.engine, ability: "engineEmbed" },
      { model: MODELS.upstream, ability: "upstream" },
    ],
    request: (model, more) => ({ path: EMBEDDINGS, body: embeddingBody({ model, ...more }) }),
  },
  {
    id: "createModeration",
    topic: "moderations",
    noun: "moderation",
    reference: PAGES.moderations,
    answering: [
      { model: MODELS.moderator, ability: "scores" },
      { model: JUDGED, ability: "chat" },
      { model: MODELS.engine, ability: "engineModerate" },
      { model: MODELS.upstream, ability: "upstream" },
    ],
    request: (model, more) => ({ path: MODERATIONS, body: moderationBody({ model, ...more }) }),
  },
];
