import type {
  ChatCompletion,
  ChatCompletionDeleted,
  ChatCompletionRequest,
  CompactedResponse,
  CompactRequest,
  Completion,
  CompletionListQuery,
  CompletionRequest,
  CompletionUpdateRequest,
  Conversation,
  ConversationCreateRequest,
  ConversationDeleted,
  ConversationItem,
  ConversationItemList,
  ConversationUpdateRequest,
  EmbeddingList,
  EmbeddingRequest,
  ErrorObject,
  IncludeQuery,
  InputItemList,
  InputItemsQuery,
  InputTokens,
  InputTokensRequest,
  ItemCreateRequest,
  ItemListQuery,
  ListPage,
  Model,
  ModelDeleted,
  ModelList,
  ModerationList,
  ModerationRequest,
  PageQuery,
  ResponseDeleted,
  ResponseObject,
  ResponseQuery,
  ResponseRequest,
  StoredChatCompletion,
  StoredChatMessageList,
} from "@outlet/core";
import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";

/** What `hc` knows of one operation: its whole answer, or an error in the envelope, told apart by `ok` and `status`. */
type Answers<Input, Output> =
  | { input: Input; output: Output; outputFormat: "json"; status: 200 }
  | {
      input: Input;
      output: { error: ErrorObject };
      outputFormat: "json";
      status: ClientErrorStatusCode | ServerErrorStatusCode;
    };

/** A typed client reads whole answers: a stream's events have no type there. The official SDK reads streams. */
type Whole<Request> = { json: Request & { stream?: false | null } };

type OfResponse = { param: { response_id: string } };
type InConversation = { param: { conversation_id: string } };
type OfConversation = { param: { conversation_id: string; item_id: string } };
type OfCompletion = { param: { completion_id: string } };
type Included = { query?: Texts<IncludeQuery> };

/** A query as `hc` sends it: as texts, a list's under a name with brackets. Maps have no type here. */
type Texts<Query> = {
  [Key in keyof Query as Query[Key] extends readonly unknown[] | undefined
    ? `${Key & string}[]`
    : Query[Key] extends string | number | undefined
      ? Key
      : never]?: Query[Key] extends readonly (infer Item)[] | undefined
    ? Item[]
    : Query[Key] extends number | undefined
      ? string
      : Query[Key];
};

/**
 * The operations that a project's key opens, as Hono's RPC client sees them. The admin API is for the official SDK's `client.admin`. A type
 * alias, since Hono's schemas need an index signature.
 */
export type OutletSchema = {
  "/responses": { $post: Answers<Whole<ResponseRequest>, ResponseObject> };
  "/responses/:response_id": {
    $get: Answers<OfResponse & { query?: Texts<ResponseQuery> }, ResponseObject>;
    $delete: Answers<OfResponse, ResponseDeleted>;
  };
  "/responses/:response_id/cancel": { $post: Answers<OfResponse, ResponseObject> };
  "/responses/:response_id/input_items": {
    $get: Answers<OfResponse & { query?: Texts<InputItemsQuery> }, InputItemList>;
  };
  "/responses/compact": { $post: Answers<{ json: CompactRequest }, CompactedResponse> };
  "/responses/input_tokens": { $post: Answers<{ json: InputTokensRequest }, InputTokens> };
  "/conversations": { $post: Answers<{ json: ConversationCreateRequest }, Conversation> };
  "/conversations/:conversation_id": {
    $get: Answers<InConversation, Conversation>;
    $post: Answers<InConversation & { json: ConversationUpdateRequest }, Conversation>;
    $delete: Answers<InConversation, ConversationDeleted>;
  };
  "/conversations/:conversation_id/items": {
    $post: Answers<InConversation & Included & { json: ItemCreateRequest }, ConversationItemList>;
    $get: Answers<InConversation & { query?: Texts<ItemListQuery> }, ConversationItemList>;
  };
  "/conversations/:conversation_id/items/:item_id": {
    $get: Answers<OfConversation & Included, ConversationItem>;
    $delete: Answers<OfConversation, Conversation>;
  };
  "/chat/completions": {
    $post: Answers<Whole<ChatCompletionRequest>, ChatCompletion>;
    $get: Answers<{ query?: Texts<CompletionListQuery> }, ListPage<StoredChatCompletion>>;
  };
  "/chat/completions/:completion_id": {
    $get: Answers<OfCompletion, StoredChatCompletion>;
    $post: Answers<OfCompletion & { json: CompletionUpdateRequest }, StoredChatCompletion>;
    $delete: Answers<OfCompletion, ChatCompletionDeleted>;
  };
  "/chat/completions/:completion_id/messages": {
    $get: Answers<OfCompletion & { query?: Texts<PageQuery> }, StoredChatMessageList>;
  };
  "/embeddings": { $post: Answers<{ json: EmbeddingRequest }, EmbeddingList> };
  "/models": { $get: Answers<object, ModelList> };
  "/models/:model": {
    $get: Answers<{ param: { model: string } }, Model>;
    $delete: Answers<{ param: { model: string } }, ModelDeleted>;
  };
  "/moderations": { $post: Answers<{ json: ModerationRequest }, ModerationList> };
  "/completions": { $post: Answers<Whole<CompletionRequest>, Completion> };
};
