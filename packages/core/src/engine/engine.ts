import type { Principal } from "../access/principal.ts";
import type { Cancellation } from "../http/cancellation.ts";
import type { ByteStream } from "../http/exchange.ts";
import type { InputItem } from "../items/input-item.schema.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatCompletion, ChatCompletionChunk } from "../resources/chat/completions/chat-completions.types.ts";
import type { CompletionRequest, Prompt } from "../resources/completions/completions.schema.ts";
import type { Completion, CompletionChunk } from "../resources/completions/completions.types.ts";
import type { EmbeddingRequest } from "../resources/embeddings/embeddings.schema.ts";
import type { EmbeddingList } from "../resources/embeddings/embeddings.types.ts";
import type { Model } from "../resources/models/models.types.ts";
import type { ModerationRequest } from "../resources/moderations/moderations.schema.ts";
import type { ModerationResult } from "../resources/moderations/moderations.types.ts";
import type { ResponseEvent } from "../resources/responses/responses.events.ts";
import type { ResponseRequest } from "../resources/responses/responses.schema.ts";
import type { ResponseObject } from "../resources/responses/responses.types.ts";

type Awaitable<T> = T | Promise<T>;

/**
 * A whole answer or its chunks: an engine may give either, whatever the client asked for. Chunks that are all there already
 * may come as an array; they are streamed like any others, without a promise for each.
 */
export type EngineAnswer<Whole, Chunk> = Awaitable<Whole | AsyncIterable<Chunk> | readonly Chunk[]>;

/** A completion request as an engine gets it: core has split a list of prompts into one call each. */
export type EngineCompletionRequest = Omit<CompletionRequest, "prompt"> & { prompt: Prompt };

/** A response as an engine is asked for it: with the whole conversation, and nothing to look up. */
export type EngineResponseRequest = Omit<
  ResponseRequest,
  "background" | "conversation" | "input" | "previous_response_id" | "store"
> & { model: string; input: InputItem[]; store: false };

/** `usage` may be left out: core counts the inputs then. */
export type EngineEmbeddings = Omit<EmbeddingList, "usage"> & Partial<Pick<EmbeddingList, "usage">>;

export type EngineModerationRequest = ModerationRequest & { model: string };

/** `usage` may be left out: core counts the texts then. */
export interface EngineModerations {
  results: readonly ModerationResult[];
  usage?: { prompt_tokens: number; total_tokens: number };
}

/**
 * What answers for a model. Every ability is optional and speaks OpenAI's own shapes; `request.model` is the id
 * that the engine's side knows the model by.
 *
 * To refuse a request, throw an `ApiError` (`status`, `type`, `code` and `param` reach the client); anything
 * else that is thrown reaches the client as an opaque 500.
 */
export interface Engine {
  readonly specificationVersion: "v1";
  chat?(request: ChatCompletionRequest, context: EngineContext): EngineAnswer<ChatCompletion, ChatCompletionChunk>;
  complete?(request: EngineCompletionRequest, context: EngineContext): EngineAnswer<Completion, CompletionChunk>;
  /**
   * Responses of its own: `input` is always a list with all that was said before, `store` false. Ids are made anew by core, which
   * also remembers. An engine without it is asked to chat.
   */
  respond?(request: EngineResponseRequest, context: EngineContext): EngineAnswer<ResponseObject, ResponseEvent>;
  /** Embeddings as numbers; core encodes base64. */
  embed?(request: EmbeddingRequest, context: EngineContext): Awaitable<EngineEmbeddings>;
  /** One result an input: of a text, of each text of a list, or of all parts of one input together. Core writes ids. */
  moderate?(request: EngineModerationRequest, context: EngineContext): Awaitable<EngineModerations>;
  /**
   * For an engine whose far side speaks the OpenAI protocol: takes the request's bytes, returns the reply's bytes.
   * Where it exists it answers every operation that names a model, and core neither rebuilds nor refuses anything.
   */
  forward?(request: ForwardRequest, context: EngineContext): Promise<ForwardReply>;
  /** True when the far side behind `forward` has `/responses`; otherwise it is asked to chat for them. Default: false. */
  readonly responses?: boolean;
  /** The models this engine offers; asked when it is mounted under `"*"`. */
  listModels?(context: EngineContext): Promise<Model[]>;
  /** Deletes a fine-tuned model of its own; asked only for callers whom the host lets. An engine with `forward` is asked through it. */
  deleteModel?(model: string, context: EngineContext): Promise<void>;
  /**
   * Names of the optional parameters that this engine honours, per ability; absent means all of them. What it leaves out
   * is emulated by core where that is honest (`n`, `stop`, `max_tokens`, …) and refused with a 400 elsewhere.
   */
  readonly honours?: {
    readonly chat?: readonly string[];
    readonly complete?: readonly string[];
    readonly embed?: readonly string[];
  };
  /**
   * What this engine makes of images: `url` (default) takes them as the client wrote them, `https:` and `data:` URLs; `bytes`
   * needs them in the request, so core fetches what is elsewhere and every image arrives as a `data:` URL.
   */
  readonly images?: "url" | "bytes";
  /** Lets go of sockets and timers; called by `outlet.close()`. */
  close?(): Promise<void>;
}

export interface EngineContext {
  /** Aborts when the client leaves or the outlet closes. Stop working then. */
  readonly signal: AbortSignal;
  /** The same news for engines that answer so many calls that a listener on a signal for each is dear. */
  readonly cancellation?: Cancellation;
  readonly principal: Principal;
  /** `x-request-id` of the reply; of work in the background, with the number of the attempt behind it. Of the ledger's entry, the id. */
  readonly requestId: string;
  readonly logger: Logger;
}

export interface ForwardRequest {
  /** HTTP method and path below `/v1`, as the reference has them. */
  readonly method: string;
  readonly path: string;
  /** The body's bytes, or JSON text where core had to change it (another model id, usage in a stream). */
  readonly body: Uint8Array | string | null;
  readonly contentType: string | null;
  /** True when the client asked for server-sent events. */
  readonly stream: boolean;
}

export interface ForwardReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Chunks for a stream that was answered with 2xx, else the whole body. Iteration throws when the far side breaks off. A
   * `ByteChannel` is a stream that is pushed instead, without a promise for each chunk.
   */
  readonly body: Uint8Array | ByteStream;
}

/** Methods that pino has, too. Messages never carry prompts, answers or secrets. Core itself calls `error` and `warn`. */
export interface Logger {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  /** For engines, and `callLog()`. */
  info?(details: object, message: string): void;
  debug?(details: object, message: string): void;
}
