export type { AccessOptions } from "./access/access.ts";
export type { Principal } from "./access/principal.ts";
export type { Call, Receipt, Services, SettledCall } from "./call.ts";
export { defineModel } from "./engine/define-model.ts";
export type {
  Engine,
  EngineAnswer,
  EngineCompletionRequest,
  EngineContext,
  EngineEmbeddings,
  EngineModerationRequest,
  EngineModerations,
  EngineResponseRequest,
  ForwardReply,
  ForwardRequest,
  Logger,
} from "./engine/engine.ts";
export type {
  ChatInput,
  CompletionInput,
  EmbedInput,
  ModelAnswer,
  ModelFunctions,
  ModelPart,
  ModerateInput,
} from "./engine/model-functions.ts";
export { ApiError, type ApiErrorInit, type ErrorObject } from "./errors/api-error.ts";
export {
  bodyTooLarge,
  engineFailed,
  engineTimeout,
  invalidRequest,
  malformedJson,
  methodNotAllowed,
  modelNotFound,
  unavailable,
  unknownUrl,
  unsupportedContentEncoding,
  unsupportedContentType,
} from "./errors/catalogue.ts";
export { ImageDownloadError } from "./errors/image-download-error.ts";
export { upstreamError } from "./errors/upstream.ts";
export type { Caller, Guard, Guarded, GuardOptions, Visit } from "./guard/guard.ts";
export { ByteChannel } from "./http/byte-channel.ts";
export { type AbortListener, type AbortTarget, Cancellation } from "./http/cancellation.ts";
export {
  type ByteReader,
  type ByteSource,
  type ByteStream,
  type Exchange,
  isByteStream,
  type Piece,
  type PushedStream,
  type Reply,
  type RequestBody,
} from "./http/exchange.ts";
export { type WebExchangeOptions, webExchange, webResponse } from "./http/web.ts";
export type { HostPlatform, IssuedKey } from "./identity/host-platform.ts";
export type { PlatformInvite, PlatformNews, PlatformOptions } from "./identity/platform.options.ts";
export type { KeyStanding } from "./identity/strikes.ts";
export type { BreakEven } from "./instances/break-even.ts";
export type { InstanceReport } from "./instances/instance.ts";
export type { InstanceMap, InstanceOptions, QueueOptions } from "./instances/instances.options.ts";
export type { Spread } from "./instances/samples.ts";
export type { Job, JobEnding, JobKind, JobsOptions } from "./jobs/job.ts";
export { cancelJob, enqueueJob, type NewJob } from "./jobs/job-record.ts";
export { createJobs, type Jobs } from "./jobs/jobs.ts";
export type { BillingOptions, WhenUnknown } from "./ledger/billing-options.ts";
export {
  type AlertNotice,
  admits,
  type Budget,
  type BudgetScope,
  type BudgetState,
  budgetAt,
  charged,
  type Held,
  NOTHING_HELD,
  otherScope,
  periodStartAt,
  type SpendAlert,
  type Spender,
  spendingBefore,
  subjectOf,
  subjectsOf,
} from "./ledger/budget.ts";
export type {
  Ledger,
  LedgerEntry,
  OpenOptions,
  SettledEntry,
  Settlement,
  SettleOptions,
  SettleResult,
  UsageKind,
} from "./ledger/ledger.ts";
export { createMemoryLedger, type MemoryLedgerOptions } from "./ledger/memory-ledger.ts";
export type { ModelPrice, TokenPrice } from "./ledger/model-price.ts";
export { dollars, inDollars, type Nanodollars } from "./ledger/money.ts";
export type { PriceBook } from "./ledger/price-book.ts";
export type { Tokenizer } from "./ledger/tokenizer.ts";
export type { CompletionUsage, MeteredUsage } from "./ledger/usage.ts";
export {
  addCounters,
  BUCKET_WIDTHS,
  type BucketWidth,
  bucketStart,
  COUNTERS,
  type Counter,
  compareRows,
  costIn,
  countersOf,
  DIMENSIONS,
  type Dimension,
  type UsageQuery,
  type UsageRow,
} from "./ledger/usage-report.ts";
export { adjusted, fullMs, hasRoom, lessened, MOST as MOST_LIMIT, TICK_MS, TICKS, waitMs } from "./limits/bucket.ts";
export type { Limiter, RateBucket, Taken, Window as RateWindow } from "./limits/limiter.ts";
export { createMemoryLimiter, type MemoryLimiterOptions } from "./limits/memory-limiter.ts";
export type { ModelLimits, RateLimitOptions } from "./limits/rate-limits.options.ts";
export {
  type McpCallError,
  type McpConnector,
  type McpResult,
  type McpServer,
  type McpSession,
  type McpTool,
  McpUnreachable,
} from "./mcp/mcp-connector.ts";
export type {
  AliasMove,
  ModelAlias,
  ModelCapabilities,
  ModelDefinition,
  ModelDeprecation,
  ModelEntry,
  ModelMap,
} from "./models/model-entry.ts";
export type { ModerationOptions } from "./moderation/moderation.options.ts";
export { type ModerationScores, moderationInputs, verdict as moderationVerdict } from "./moderation/verdict.ts";
export { callLog } from "./observe/call-log.ts";
export type { Explanation, Priced } from "./observe/explanation.ts";
export type { Health } from "./observe/health.ts";
export type { BegunCall, Observation, Observer, Watched } from "./observe/observer.ts";
export type { JsonBody, Operation } from "./operation.ts";
export { requestSchema } from "./operation-schema.ts";
export { operations } from "./operations.ts";
export type { OutletOptions } from "./options.ts";
export { createOutlet, isOutlet, type Outlet } from "./outlet.ts";
export type { ListPage, PageQuery } from "./pipeline/page.ts";
export { createRoster, type Listed, type Roster } from "./pipeline/roster.ts";
export type {
  Flagged,
  FlaggedCall,
  PolicyAction,
  PolicyOptions,
  PolicyRule,
  PolicySide,
} from "./policy/policy.options.ts";
export type { Strike, StrikeOptions } from "./policy/strikes.options.ts";
export { isPublicAddress } from "./remote/address.ts";
export type { FetchImage, FetchImageOptions } from "./remote/fetch-image.ts";
export {
  createImageFetcher,
  type ImageFetcherOptions,
  type ImageTarget,
  isPublicImageTarget,
} from "./remote/image-fetcher.ts";
export type {
  ChatCompletionRequest,
  ChatMessage,
  ChatTool,
} from "./resources/chat/completions/chat-completions.schema.ts";
export type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionDeleted,
  ChatCompletionMessage,
  ChatDelta,
  ChatFinishReason,
  ChatLogprobs,
  ChatToolCall,
  StoredChatCompletion,
  TokenLogprob,
} from "./resources/chat/completions/chat-completions.types.ts";
export type {
  StoredChatMessage,
  StoredChatMessageList,
} from "./resources/chat/completions/messages/chat-messages.types.ts";
export type {
  CompletionListQuery,
  CompletionUpdateRequest,
} from "./resources/chat/completions/stored-completions.schema.ts";
export type { CompletionRequest, Prompt } from "./resources/completions/completions.schema.ts";
export type { Completion, CompletionChunk, CompletionLogprobs } from "./resources/completions/completions.types.ts";
export type {
  ConversationCreateRequest,
  ConversationUpdateRequest,
} from "./resources/conversations/conversations.schema.ts";
export type { Conversation, ConversationDeleted } from "./resources/conversations/conversations.types.ts";
export type {
  IncludeQuery,
  ItemCreateRequest,
  ItemListQuery,
} from "./resources/conversations/items/conversation-items.schema.ts";
export type {
  ConversationItem,
  ConversationItemList,
} from "./resources/conversations/items/conversation-items.types.ts";
export type { EmbeddingRequest } from "./resources/embeddings/embeddings.schema.ts";
export type { EmbeddingList } from "./resources/embeddings/embeddings.types.ts";
export type { Model, ModelDeleted, ModelList } from "./resources/models/models.types.ts";
export type { ModerationPart, ModerationRequest } from "./resources/moderations/moderations.schema.ts";
export type {
  ModerationCategory,
  ModerationInputType,
  ModerationList,
  ModerationResult,
} from "./resources/moderations/moderations.types.ts";
export type { CompactRequest } from "./resources/responses/compact/compact.schema.ts";
export type { CompactedResponse } from "./resources/responses/compact/compact.types.ts";
export type { ResponseEvent } from "./resources/responses/responses.events.ts";
export type {
  InputItemsQuery,
  InputTokensRequest,
  ResponseQuery,
  ResponseRequest,
} from "./resources/responses/responses.schema.ts";
export type { ResponseTool, ResponseToolChoice } from "./resources/responses/responses.tools.schema.ts";
export type {
  InputItemList,
  InputTokens,
  OutputItem,
  ResponseDeleted,
  ResponseObject,
  ResponseStatus,
  ResponseUsage,
} from "./resources/responses/responses.types.ts";
export type { RetentionOptions } from "./retention/retention.options.ts";
export type { ProjectRetentionType, RetentionType } from "./retention/retention-type.ts";
export { type JsonText, jsonOf, jsonText } from "./store/json-text.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./store/memory-store.ts";
export { parentCollection } from "./store/parent-collection.ts";
export type {
  Change,
  ListQuery,
  NewRecord,
  RecordKey,
  RecordPage,
  RecordQuery,
  Store,
  StoredRecord,
} from "./store/store.ts";
