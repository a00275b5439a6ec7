import type {
  ChatCompletionMessage,
  ChatFinishReason,
  ChatMessage,
  ChatTool,
  CompletionUsage,
  ModerationCategory,
  ModerationPart,
  ModerationScores,
} from "@outlet/core";

type Awaitable<T> = T | Promise<T>;

/** The operations that rules answer, by the API reference's operation ids; a response asks for a chat. */
export type ScriptedOperation = "createChatCompletion" | "createCompletion" | "createEmbedding" | "createModeration";

/** A request as rules see it: the body of whichever operation was called. */
export interface MockRequest {
  model: string;
  /** Chat only. */
  messages?: ChatMessage[];
  /** Chat only. */
  tools?: ChatTool[];
  /** Completions only: one prompt; a list of prompts asks the rules once for each. */
  prompt?: string | number[];
  /** Embeddings and moderations. */
  input?: string | string[] | number[] | number[][] | ModerationPart[];
  [parameter: string]: unknown;
}

export interface ToolResult {
  /** `tool_call_id`; for a legacy function result, the empty string. */
  id: string;
  /** Name of the tool that was called, looked up in the assistant's message. */
  name: string;
  text: string;
}

/** What is known of a request besides its body. */
export interface MockContext {
  operation: ScriptedOperation;
  model: string;
  /** Text of the last user message, of the prompt, or of all inputs. */
  user: string;
  /** Text of all system and developer messages. */
  system: string;
  /** Results of tools that came after the last assistant message; empty when a user spoke last. */
  toolResults: readonly ToolResult[];
  /** User messages before the last one: 0 in the first turn of a conversation. */
  turn: number;
  /** Assistant messages since the last user message: 0 before any tool was called, 1 after the first round of tools. */
  step: number;
  /** Request headers, lower-case, secrets left out; empty when the engine is mounted in an outlet of your own. */
  headers: Readonly<Record<string, string>>;
  /** How many requests this rule has answered before. */
  count: number;
  requestId: string;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
}

/** For ids and names: a string is compared whole, a RegExp is searched for. */
export type IdPattern = string | RegExp;
/** For texts: a string is searched for, whatever its case; a RegExp decides for itself. */
export type TextPattern = string | RegExp;

/** Every field that is given has to match. */
export interface MatchFields {
  operation?: ScriptedOperation;
  model?: IdPattern;
  /** The last user message; of a completion its prompt, of embeddings their inputs. */
  user?: TextPattern;
  /** System and developer messages. */
  system?: TextPattern;
  /** Any message, whoever said it. */
  message?: TextPattern;
  /** Name of a tool or function that the request offers. */
  tool?: IdPattern;
  /**
   * `true`: the request brings results of tools. `false`: it does not. A pattern: the text of one of them.
   * An object: its tool's name, its call's id and its text.
   */
  toolResult?: boolean | TextPattern | { name?: IdPattern; id?: IdPattern; text?: TextPattern };
  /** 0 for a conversation's first user message, 1 for its second, … */
  turn?: number;
  /** 0 before any tool was called in this turn, 1 after the first round of tools, … */
  step?: number;
  /** Request headers by lower-case name; not available when the engine is mounted in an outlet of your own. */
  header?: Readonly<Record<string, TextPattern>>;
  /** A part of the body: objects by the keys given, arrays item by item, strings whole, or a RegExp for a string. */
  body?: Readonly<Record<string, unknown>>;
  /** Anything else. */
  where?: (request: MockRequest, context: MockContext) => boolean;
}

/** A string or RegExp alone is about the last user message. */
export type Matcher = MatchFields | TextPattern | NonNullable<MatchFields["where"]>;

export interface ToolCallReply {
  name: string;
  /** Arguments of a function, as a value or as JSON text; left out, they are made up to fit the tool's schema. */
  arguments?: object | string;
  /** Input of a custom tool. */
  input?: string;
  /** Default: a fresh `call_…` id. */
  id?: string;
}

export interface ErrorReply {
  /** HTTP status, 400 to 599; default 500. What follows has defaults that suit it. */
  status?: number;
  type?: string;
  code?: string | null;
  param?: string | null;
  message?: string;
  /** `{ "retry-after": "2" }`, `{ "x-should-retry": "false" }`, … */
  headers?: Readonly<Record<string, string>>;
}

/** What to answer. What a reply leaves out is as the mock would have answered by itself. */
export interface ReplyFields {
  /** Text of the answer. */
  text?: string;
  /** A value, answered as its JSON text. */
  json?: unknown;
  /** The model declines, in these words. */
  refusal?: string;
  /** Tools to call; a name alone is enough. May go with `text`. */
  toolCalls?: string | ToolCallReply | readonly (string | ToolCallReply)[];
  /** The whole assistant message, for what has no field of its own. */
  message?: Partial<ChatCompletionMessage> & Readonly<Record<string, unknown>>;
  /** Embeddings: one vector for every input, or one each. Returned as they are. */
  embedding?: readonly number[] | readonly (readonly number[])[];
  /** Moderations: the categories to flag, or scores by category, for every input. */
  moderation?: readonly ModerationCategory[] | ModerationScores;
  /** Default: what follows from the answer. */
  finishReason?: ChatFinishReason;
  /** Counts to report in place of the true ones; those left out stay true, and the total follows. */
  usage?: Partial<CompletionUsage>;
  /** `model` of the reply, such as a dated snapshot; default: the id that was asked for. */
  model?: string;
  systemFingerprint?: string;
  /** Refuses the request. A number is a status with the usual words. With `failAfter`, what ends the stream. */
  error?: number | ErrorReply;
  /** Milliseconds before the first token. */
  delayMs?: number;
  /** Tokens per second, 0 for as fast as possible. A reply that is not streamed takes as long as it would in a stream. */
  tokensPerSecond?: number;
  /** Tokens after which the connection is cut: no error event, no `[DONE]`. 0 cuts before anything is sent. */
  cutAfter?: number;
  /** Tokens after which the answer fails: an error event in a stream, an error status otherwise. */
  failAfter?: number;
  /** Never answers; ends when the client leaves. */
  hang?: boolean;
}

/** A string alone is the text of the answer. */
export type Reply = string | ReplyFields;
export type ReplyFunction = (request: MockRequest, context: MockContext) => Awaitable<Reply>;
export type ReplyStep = Reply | ReplyFunction;

export interface Rule {
  /** For error messages and `calls`; default: its number. */
  name?: string;
  /** Default: every request. */
  when?: Matcher;
  /** A list is answered in order, and stays at its last item. */
  reply: ReplyStep | readonly ReplyStep[];
  /** What moves a list on. `"call"` (default): every request that matches. `"step"`: the context's `step`, which keeps no count and so suits a mock that parallel tests share. */
  advance?: "call" | "step";
  /** How many requests the rule answers before it retires; default: no limit. */
  times?: number;
}
