import type OpenAI from "openai";
import type { Includable } from "./items/include.ts";
import type { InputItem } from "./items/input-item.schema.ts";
import type { Item, ItemType } from "./items/item.types.ts";
import type { ChatCompletionRequest } from "./resources/chat/completions/chat-completions.schema.ts";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionDeleted,
  StoredChatCompletion,
} from "./resources/chat/completions/chat-completions.types.ts";
import type { StoredChatMessage } from "./resources/chat/completions/messages/chat-messages.types.ts";
import type {
  CompletionListQuery,
  CompletionUpdateRequest,
} from "./resources/chat/completions/stored-completions.schema.ts";
import type { CompletionRequest } from "./resources/completions/completions.schema.ts";
import type { Completion } from "./resources/completions/completions.types.ts";
import type {
  ConversationCreateRequest,
  ConversationUpdateRequest,
} from "./resources/conversations/conversations.schema.ts";
import type { Conversation, ConversationDeleted } from "./resources/conversations/conversations.types.ts";
import type { ItemCreateRequest, ItemListQuery } from "./resources/conversations/items/conversation-items.schema.ts";
import type { EmbeddingRequest } from "./resources/embeddings/embeddings.schema.ts";
import type { EmbeddingList } from "./resources/embeddings/embeddings.types.ts";
import type { Model } from "./resources/models/models.types.ts";
import type { ModerationRequest } from "./resources/moderations/moderations.schema.ts";
import type { ModerationList } from "./resources/moderations/moderations.types.ts";
import type { CompactRequest } from "./resources/responses/compact/compact.schema.ts";
import type { CompactedResponse, KeptMessage } from "./resources/responses/compact/compact.types.ts";
import type { ResponseEvent } from "./resources/responses/responses.events.ts";
import type {
  InputItemsQuery,
  InputTokensRequest,
  ResponseQuery,
  ResponseRequest,
} from "./resources/responses/responses.schema.ts";
import type { ResponseTool, ResponseToolChoice } from "./resources/responses/responses.tools.schema.ts";
import type { InputTokens, ResponseObject } from "./resources/responses/responses.types.ts";

// Holds our requests and replies against the official SDK's types: an SDK upgrade that moves the protocol fails here.

/** Compiles only when every `From` is also a `To`. */
type Fits<From extends To, To> = From;
/** Compiles only when there is nothing in it. */
type Nothing<Left extends never> = Left;

type SdkChat = OpenAI.ChatCompletionCreateParams;
type SdkCompletion = OpenAI.CompletionCreateParams;
type SdkModeration = OpenAI.ModerationCreateParams;
type SdkEmbedding = OpenAI.EmbeddingCreateParams;

/** A query has no null: the SDK leaves such parameters out. */
type Nullable<T> = { [Key in keyof T]: T[Key] | null };

/** Everything that the SDK lets a user send is accepted… */
export type AcceptsChat = Fits<SdkChat, ChatCompletionRequest>;
export type AcceptsCompletion = Fits<SdkCompletion, CompletionRequest>;
export type AcceptsModeration = Fits<SdkModeration, ModerationRequest>;
export type AcceptsEmbedding = Fits<SdkEmbedding, EmbeddingRequest>;

/** … every parameter by its name, and no parameter that the SDK does not know. */
export type NoMissingChat = Nothing<Exclude<keyof SdkChat, keyof ChatCompletionRequest>>;
export type NoExtraChat = Nothing<Exclude<keyof ChatCompletionRequest, keyof SdkChat>>;
export type NoMissingCompletion = Nothing<Exclude<keyof SdkCompletion, keyof CompletionRequest>>;
export type NoExtraCompletion = Nothing<Exclude<keyof CompletionRequest, keyof SdkCompletion>>;
export type NoMissingEmbedding = Nothing<Exclude<keyof SdkEmbedding, keyof EmbeddingRequest>>;
export type NoExtraEmbedding = Nothing<Exclude<keyof EmbeddingRequest, keyof SdkEmbedding>>;
export type NoMissingModeration = Nothing<Exclude<keyof SdkModeration, keyof ModerationRequest>>;
export type NoExtraModeration = Nothing<Exclude<keyof ModerationRequest, keyof SdkModeration>>;

/** What we answer is what the SDK says its users get. */
export type AnswersChat = Fits<ChatCompletion, OpenAI.ChatCompletion>;
export type AnswersChunk = Fits<Omit<ChatCompletionChunk, "choices">, Omit<OpenAI.ChatCompletionChunk, "choices">>;
export type AnswersCompletion = Fits<Completion, OpenAI.Completion>;
export type AnswersEmbedding = Fits<EmbeddingList, OpenAI.CreateEmbeddingResponse>;
export type AnswersModeration = Fits<ModerationList, OpenAI.ModerationCreateResponse>;
export type AnswersModel = Fits<Model, OpenAI.Model>;

type ChunkChoice = ChatCompletionChunk["choices"][number];
type SdkChunkChoice = OpenAI.ChatCompletionChunk.Choice;
export type AnswersChunkChoice = Fits<Omit<ChunkChoice, "delta">, Omit<SdkChunkChoice, "delta">>;
/** The SDK has no streamed form of a custom tool call; leave it out of the comparison and nothing else. */
type FunctionCallDelta = Omit<NonNullable<ChunkChoice["delta"]["tool_calls"]>[number], "custom" | "type">;
export type AnswersToolCallDelta = Fits<
  FunctionCallDelta,
  Omit<OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall, "type">
>;
export type AnswersDelta = Fits<
  Omit<ChunkChoice["delta"], "tool_calls">,
  Omit<OpenAI.ChatCompletionChunk.Choice.Delta, "tool_calls">
>;

type SdkInputItem = OpenAI.Responses.ResponseInputItem;
type SdkItem = OpenAI.Conversations.ConversationItem;
/** What lists tools: any tool may be listed, whatever its type. */
type ListsTools = "additional_tools" | "tool_search_output";

export type AcceptsItem = Fits<SdkInputItem, InputItem>;
export type NoMissingItemType = Nothing<Exclude<SdkItem["type"], ItemType>>;
export type NoExtraItemType = Nothing<Exclude<ItemType, SdkItem["type"]>>;
export type AnswersItem = Fits<Exclude<Item, { type: ListsTools }>, SdkItem>;
export type AnswersToolList = Fits<
  Omit<Extract<Item, { type: ListsTools }>, "tools">,
  Omit<Extract<SdkItem, { type: ListsTools }>, "tools">
>;
export type SameIncludable = [
  Fits<Includable, OpenAI.Responses.ResponseIncludable>,
  Fits<OpenAI.Responses.ResponseIncludable, Includable>,
];

type SdkStoredMessage = OpenAI.ChatCompletionStoreMessage;
export type AnswersStoredChat = Fits<StoredChatCompletion, OpenAI.ChatCompletion>;
export type AnswersDeletedChat = Fits<ChatCompletionDeleted, OpenAI.ChatCompletionDeleted>;
/** The SDK types every message as an answer; those of a request have other roles. */
export type AnswersStoredMessage = Fits<Omit<StoredChatMessage, "role">, Omit<SdkStoredMessage, "role">>;
export type AcceptsChatList = Fits<OpenAI.ChatCompletionListParams, Nullable<CompletionListQuery>>;
export type AcceptsChatUpdate = Fits<OpenAI.ChatCompletionUpdateParams, CompletionUpdateRequest>;
export type AnswersConversation = Fits<Conversation, OpenAI.Conversations.Conversation>;
export type AnswersDeletedConversation = Fits<ConversationDeleted, OpenAI.Conversations.ConversationDeletedResource>;
export type AcceptsConversation = Fits<OpenAI.Conversations.ConversationCreateParams, ConversationCreateRequest>;
export type AcceptsConversationUpdate = Fits<OpenAI.Conversations.ConversationUpdateParams, ConversationUpdateRequest>;
export type AcceptsItems = Fits<OpenAI.Conversations.ItemCreateParams, ItemCreateRequest>;
export type AcceptsItemList = Fits<OpenAI.Conversations.ItemListParams, ItemListQuery>;
type SdkResponses = OpenAI.Responses.ResponseCreateParams;
type SdkResponse = OpenAI.Responses.Response;
export type AcceptsTool = Fits<OpenAI.Responses.Tool, ResponseTool>;
export type AcceptsToolChoice = Fits<NonNullable<SdkResponses["tool_choice"]>, ResponseToolChoice>;
export type AcceptsResponse = Fits<SdkResponses, ResponseRequest>;
export type NoMissingResponse = Nothing<Exclude<keyof SdkResponses, keyof ResponseRequest>>;
export type NoExtraResponse = Nothing<Exclude<keyof ResponseRequest, keyof SdkResponses>>;
/** The tools are the client's own; the SDK makes `output_text` itself. */
export type AnswersResponse = Fits<
  Omit<ResponseObject, "tools" | "tool_choice" | "instructions">,
  Omit<SdkResponse, "tools" | "tool_choice" | "instructions" | "output_text">
>;
export type NoExtraInResponse = Nothing<Exclude<keyof ResponseObject, keyof SdkResponse | "store">>;
export type AnswersEvent = Fits<WithoutResponse<ResponseEvent>, WithoutResponse<OpenAI.Responses.ResponseStreamEvent>>;
type WithoutResponse<Event> = Event extends { response: unknown } ? never : Omit<Event, "sequence_number">;
type SdkCompact = OpenAI.Responses.ResponseCompactParams;
export type AcceptsCompact = Fits<SdkCompact, CompactRequest>;
export type NoMissingCompact = Nothing<Exclude<keyof SdkCompact, keyof CompactRequest>>;
export type NoExtraCompact = Nothing<Exclude<keyof CompactRequest, keyof SdkCompact>>;
/** The SDK types every message as an answer; those that are kept are the user's. */
export type AnswersCompact = Fits<
  Omit<CompactedResponse, "output"> & { output: Exclude<CompactedResponse["output"][number], KeptMessage>[] },
  OpenAI.Responses.CompactedResponse
>;
type SdkInputTokens = OpenAI.Responses.InputTokenCountParams;
export type AcceptsInputTokens = Fits<SdkInputTokens, InputTokensRequest>;
export type NoMissingInputTokens = Nothing<Exclude<keyof SdkInputTokens, keyof InputTokensRequest>>;
export type AnswersInputTokens = Fits<InputTokens, OpenAI.Responses.InputTokenCountResponse>;
export type AcceptsInputItemsQuery = Fits<
  InputItemsQuery,
  { [Key in keyof OpenAI.Responses.InputItemListParams]: OpenAI.Responses.InputItemListParams[Key] | undefined }
>;
export type NoMissingRetrieve = Nothing<Exclude<keyof OpenAI.Responses.ResponseRetrieveParams, keyof ResponseQuery>>;
