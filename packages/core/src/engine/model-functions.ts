import type { Principal } from "../access/principal.ts";
import type { ModerationScores } from "../moderation/verdict.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatFinishReason } from "../resources/chat/completions/chat-completions.types.ts";
import type { Prompt } from "../resources/completions/completions.schema.ts";
import type { ModerationPart } from "../resources/moderations/moderations.schema.ts";
import type { Engine, EngineCompletionRequest } from "./engine.ts";

type Awaitable<T> = T | Promise<T>;

/** A piece of an answer: text, or an object that says what it is. */
export type ModelPart =
  | string
  | { content: string }
  | { refusal: string }
  /** A whole tool call; arguments may be an object, a missing id is made up. */
  | { tool_call: { id?: string; name: string; arguments: string | object } }
  /** A value sent as its JSON text: what `response_format` asks for. */
  | { json: unknown }
  /** Token counts, where the function knows them. */
  | { usage: { prompt_tokens: number; completion_tokens: number } }
  | { finish_reason: ChatFinishReason };

/** One part, many, or a stream of them. */
export type ModelAnswer = Awaitable<ModelPart | readonly ModelPart[] | AsyncIterable<ModelPart>>;

interface CallInfo {
  /** Aborts when the client leaves. */
  signal: AbortSignal;
  principal: Principal;
  requestId: string;
}

export interface ChatInput extends CallInfo {
  messages: ChatCompletionRequest["messages"];
  /** The functions the client offers; empty when there are none. */
  tools: NonNullable<ChatCompletionRequest["tools"]>;
  /** The whole request, with every other parameter. */
  request: ChatCompletionRequest;
}

export interface CompletionInput extends CallInfo {
  prompt: Prompt;
  request: EngineCompletionRequest;
}

export interface EmbedInput extends CallInfo {
  /** Inputs in order: texts, or token arrays where the client sent tokens. */
  input: readonly Prompt[];
  /** Asked-for length of the vectors; only set when `honours` has it. */
  dimensions: number | undefined;
}

export interface ModerateInput extends CallInfo {
  /** Inputs in order: a text is one part, an input of texts and images has several. */
  input: readonly (readonly ModerationPart[])[];
  model: string;
}

export interface ModelFunctions extends Pick<Engine, "images"> {
  chat?: (input: ChatInput) => ModelAnswer;
  complete?: (input: CompletionInput) => Awaitable<string> | AsyncIterable<string>;
  /** One vector for each input. */
  embed?: (input: EmbedInput) => Awaitable<readonly (readonly number[])[]>;
  /** Scores for each input, by category; what is left out is 0, and 0.5 and above is flagged. */
  moderate?: (input: ModerateInput) => Awaitable<readonly ModerationScores[]>;
  /** Parameters that the functions honour themselves, beyond what they see in `request` anyway: `"stop"`, `"dimensions"`, … */
  honours?: readonly string[];
}
