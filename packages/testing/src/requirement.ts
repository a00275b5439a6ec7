import type OpenAI from "openai";
import type { Departures } from "./kit/departures.ts";
import type { HttpClient } from "./kit/http-client.ts";
import type { ScriptedEngines } from "./kit/scripted-engines.ts";
import type { SettledCalls } from "./kit/settled-calls.ts";

/** One thing that a server of the OpenAI API owes its clients, and the check that it does. */
export interface Requirement {
  /** Stable, dotted, topic first: `chat.stream.final-usage`. */
  readonly id: string;
  /** The requirement in one sentence. */
  readonly title: string;
  /** The page of the API reference or the guides that it comes from. */
  readonly reference: string;
  /** `operationId`s that it is about. */
  readonly operations: readonly string[];
  /**
   * `outlet`: the outlet alone decides it; whatever serves the outlet or stands in front of it cannot meet or break this one without
   * doing so to others. It is enough to check it in one cell of each adapter and runtime. Default: it is to be checked in every cell.
   */
  readonly scope?: "outlet";
  /** `strict`: checked on a second server of the cell, whose host has rules for everybody. Default: on the one that all others share. */
  readonly setting?: "strict";
  /**
   * What not every cell has. `socket`: it can only be checked over a TCP connection. `own-route`: on a route of the host's own behind the
   * outlet's guard.
   */
  readonly needs?: readonly Need[];
  /** Rejects when the requirement is not met. */
  run(context: RequirementContext): Promise<void>;
}

export type Need = "socket" | "own-route";

/** What a requirement has to work with. Engines and their recorded calls are fresh for each requirement. */
export interface RequirementContext {
  /** The official SDK, pointed at the cell; it never retries. */
  readonly client: OpenAI;
  /** Raw HTTP to the cell. */
  readonly http: HttpClient;
  /** Raw HTTP to the cell's route of its own, at the path `""`; null where it has none. */
  readonly ownRoute: HttpClient | null;
  /** What the models answer, and what they were asked. */
  readonly engines: ScriptedEngines;
  /** The calls that the outlet has settled. */
  readonly settled: SettledCalls;
  /** Clients that leave, and how soon their engines are stopped. */
  readonly departures: Pick<Departures, "announce">;
}

const REFERENCE = "https://platform.openai.com/docs/api-reference";

/** Pages that requirements cite. */
export const PAGES = {
  usageCompletions: `${REFERENCE}/usage/completions`,
  usageCosts: `${REFERENCE}/usage/costs`,
  usageEmbeddings: `${REFERENCE}/usage/embeddings`,
  usageModerations: `${REFERENCE}/usage/moderations`,
  adminKeyCreate: `${REFERENCE}/admin-api-keys/create`,
  adminKeyDelete: `${REFERENCE}/admin-api-keys/delete`,
  adminKeyGet: `${REFERENCE}/admin-api-keys/listget`,
  adminKeyList: `${REFERENCE}/admin-api-keys/list`,
  administration: `${REFERENCE}/administration`,
  auditLogList: `${REFERENCE}/audit-logs/list`,
  inviteCreate: `${REFERENCE}/invite/create`,
  inviteDelete: `${REFERENCE}/invite/delete`,
  inviteList: `${REFERENCE}/invite/list`,
  inviteRetrieve: `${REFERENCE}/invite/retrieve`,
  projectUserCreate: `${REFERENCE}/project-users/create`,
  projectUserDelete: `${REFERENCE}/project-users/delete`,
  projectUserList: `${REFERENCE}/project-users/list`,
  projectUserModify: `${REFERENCE}/project-users/modify`,
  projectUserRetrieve: `${REFERENCE}/project-users/retrieve`,
  userDelete: `${REFERENCE}/users/delete`,
  userList: `${REFERENCE}/users/list`,
  userModify: `${REFERENCE}/users/modify`,
  userRetrieve: `${REFERENCE}/users/retrieve`,
  projectArchive: `${REFERENCE}/projects/archive`,
  projectCreate: `${REFERENCE}/projects/create`,
  projectList: `${REFERENCE}/projects/list`,
  projectModify: `${REFERENCE}/projects/modify`,
  projectRetrieve: `${REFERENCE}/projects/retrieve`,
  projectKeyDelete: `${REFERENCE}/project-api-keys/delete`,
  projectKeyList: `${REFERENCE}/project-api-keys/list`,
  projectKeyRetrieve: `${REFERENCE}/project-api-keys/retrieve`,
  projectKeyUpdate: `${REFERENCE}/project-api-keys/update`,
  rateLimitList: `${REFERENCE}/project-rate-limits/list`,
  rateLimitUpdate: `${REFERENCE}/project-rate-limits/update`,
  serviceAccountCreate: `${REFERENCE}/project-service-accounts/create`,
  serviceAccountCreateKey: `${REFERENCE}/project-service-accounts/create-api-key`,
  serviceAccountDelete: `${REFERENCE}/project-service-accounts/delete`,
  serviceAccountList: `${REFERENCE}/project-service-accounts/list`,
  serviceAccountRetrieve: `${REFERENCE}/project-service-accounts/retrieve`,
  serviceAccountUpdate: `${REFERENCE}/project-service-accounts/update`,
  authentication: `${REFERENCE}/authentication`,
  background: "https://platform.openai.com/docs/guides/background",
  rateLimits: "https://platform.openai.com/docs/guides/rate-limits",
  chat: `${REFERENCE}/chat/create`,
  chatObject: `${REFERENCE}/chat/object`,
  chatDelete: `${REFERENCE}/chat/delete`,
  chatGet: `${REFERENCE}/chat/get`,
  chatList: `${REFERENCE}/chat/list`,
  chatMessages: `${REFERENCE}/chat/getMessages`,
  chatUpdate: `${REFERENCE}/chat/update`,
  chatStreaming: `${REFERENCE}/chat-streaming`,
  completions: `${REFERENCE}/completions/create`,
  completionObject: `${REFERENCE}/completions/object`,
  conversationCreate: `${REFERENCE}/conversations/create`,
  conversationCreateItems: `${REFERENCE}/conversations/create-items`,
  conversationDelete: `${REFERENCE}/conversations/delete`,
  conversationDeleteItem: `${REFERENCE}/conversations/delete-item`,
  conversationGetItem: `${REFERENCE}/conversations/get-item`,
  conversationListItems: `${REFERENCE}/conversations/list-items`,
  conversationRetrieve: `${REFERENCE}/conversations/retrieve`,
  conversationUpdate: `${REFERENCE}/conversations/update`,
  embeddings: `${REFERENCE}/embeddings/create`,
  embeddingObject: `${REFERENCE}/embeddings/object`,
  errors: "https://platform.openai.com/docs/guides/error-codes",
  flex: "https://platform.openai.com/docs/guides/flex-processing",
  functionCalling: "https://platform.openai.com/docs/guides/function-calling",
  vision: "https://platform.openai.com/docs/guides/images-vision",
  headers: `${REFERENCE}/debugging-requests`,
  mcp: "https://platform.openai.com/docs/guides/tools-connectors-mcp",
  modelList: `${REFERENCE}/models/list`,
  modelObject: `${REFERENCE}/models/object`,
  modelRetrieve: `${REFERENCE}/models/retrieve`,
  modelDelete: `${REFERENCE}/models/delete`,
  compaction: "https://platform.openai.com/docs/guides/compaction",
  responseCancel: `${REFERENCE}/responses/cancel`,
  responseCompact: `${REFERENCE}/responses/compact`,
  responseInputItems: `${REFERENCE}/responses/input-items`,
  responseInputTokens: `${REFERENCE}/responses/input-tokens`,
  responseDelete: `${REFERENCE}/responses/delete`,
  responseGet: `${REFERENCE}/responses/get`,
  responseObject: `${REFERENCE}/responses/object`,
  responses: `${REFERENCE}/responses/create`,
  responsesStreaming: `${REFERENCE}/responses-streaming`,
  conversationState: "https://platform.openai.com/docs/guides/conversation-state",
  reasoning: "https://platform.openai.com/docs/guides/reasoning",
  moderations: `${REFERENCE}/moderations/create`,
  moderationObject: `${REFERENCE}/moderations/object`,
  moderationGuide: "https://platform.openai.com/docs/guides/moderation",
  safetyGuide: "https://platform.openai.com/docs/guides/safety-best-practices",
  streaming: "https://platform.openai.com/docs/guides/streaming-responses",
  priority: "https://platform.openai.com/docs/guides/priority-processing",
  structuredOutputs: "https://platform.openai.com/docs/guides/structured-outputs",
} as const;
