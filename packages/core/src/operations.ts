import type { Operation } from "./operation.ts";
import { createChatCompletionOperation } from "./resources/chat/completions/chat-completions.operation.ts";
import { getChatCompletionMessagesOperation } from "./resources/chat/completions/messages/chat-messages.operation.ts";
import {
  deleteChatCompletionOperation,
  getChatCompletionOperation,
  listChatCompletionsOperation,
  updateChatCompletionOperation,
} from "./resources/chat/completions/stored-completions.operation.ts";
import { createCompletionOperation } from "./resources/completions/completions.operation.ts";
import {
  createConversationOperation,
  deleteConversationOperation,
  getConversationOperation,
  updateConversationOperation,
} from "./resources/conversations/conversations.operation.ts";
import {
  createConversationItemsOperation,
  deleteConversationItemOperation,
  getConversationItemOperation,
  listConversationItemsOperation,
} from "./resources/conversations/items/conversation-items.operation.ts";
import { createEmbeddingOperation } from "./resources/embeddings/embeddings.operation.ts";
import {
  deleteModelOperation,
  listModelsOperation,
  retrieveModelOperation,
} from "./resources/models/models.operation.ts";
import { createModerationOperation } from "./resources/moderations/moderations.operation.ts";
import {
  createAdminKeyOperation,
  deleteAdminKeyOperation,
  getAdminKeyOperation,
  listAdminKeysOperation,
} from "./resources/organization/admin-api-keys/admin-api-keys.operation.ts";
import { listAuditLogsOperation } from "./resources/organization/audit-logs/audit-logs.operation.ts";
import {
  retrieveOrganizationDataRetentionOperation,
  updateOrganizationDataRetentionOperation,
} from "./resources/organization/data-retention/data-retention.operation.ts";
import {
  createInviteOperation,
  deleteInviteOperation,
  listInvitesOperation,
  retrieveInviteOperation,
} from "./resources/organization/invites/invites.operation.ts";
import {
  deleteProjectKeyOperation,
  listProjectKeysOperation,
  retrieveProjectKeyOperation,
  updateProjectKeyOperation,
} from "./resources/organization/projects/api-keys/project-api-keys.operation.ts";
import {
  deleteKeyStrikesOperation,
  retrieveKeyStrikesOperation,
} from "./resources/organization/projects/api-keys/strikes/key-strikes.operation.ts";
import {
  retrieveProjectDataRetentionOperation,
  updateProjectDataRetentionOperation,
} from "./resources/organization/projects/data-retention/project-data-retention.operation.ts";
import {
  deleteModelPermissionsOperation,
  retrieveModelPermissionsOperation,
  updateModelPermissionsOperation,
} from "./resources/organization/projects/model-permissions/model-permissions.operation.ts";
import {
  archiveProjectOperation,
  createProjectOperation,
  listProjectsOperation,
  modifyProjectOperation,
  retrieveProjectOperation,
} from "./resources/organization/projects/projects.operation.ts";
import {
  listRateLimitsOperation,
  updateRateLimitOperation,
} from "./resources/organization/projects/rate-limits/rate-limits.operation.ts";
import { createServiceAccountKeyOperation } from "./resources/organization/projects/service-accounts/api-keys/service-account-keys.operation.ts";
import {
  createServiceAccountOperation,
  deleteServiceAccountOperation,
  listServiceAccountsOperation,
  retrieveServiceAccountOperation,
  updateServiceAccountOperation,
} from "./resources/organization/projects/service-accounts/service-accounts.operation.ts";
import {
  createProjectUserOperation,
  deleteProjectUserOperation,
  listProjectUsersOperation,
  modifyProjectUserOperation,
  retrieveProjectUserOperation,
} from "./resources/organization/projects/users/project-users.operation.ts";
import {
  createProjectSpendAlertOperation,
  deleteProjectSpendAlertOperation,
  listProjectSpendAlertsOperation,
  retrieveProjectSpendAlertOperation,
  updateProjectSpendAlertOperation,
} from "./resources/organization/spend-alerts/project-spend-alerts.operation.ts";
import {
  createOrganizationSpendAlertOperation,
  deleteOrganizationSpendAlertOperation,
  listOrganizationSpendAlertsOperation,
  retrieveOrganizationSpendAlertOperation,
  updateOrganizationSpendAlertOperation,
} from "./resources/organization/spend-alerts/spend-alerts.operation.ts";
import {
  deleteProjectSpendLimitOperation,
  retrieveProjectSpendLimitOperation,
  updateProjectSpendLimitOperation,
} from "./resources/organization/spend-limit/project-spend-limit.operation.ts";
import {
  deleteOrganizationSpendLimitOperation,
  retrieveOrganizationSpendLimitOperation,
  updateOrganizationSpendLimitOperation,
} from "./resources/organization/spend-limit/spend-limit.operation.ts";
import {
  usageCompletionsOperation,
  usageCostsOperation,
  usageEmbeddingsOperation,
  usageModerationsOperation,
} from "./resources/organization/usage/usage.operation.ts";
import {
  deleteUserOperation,
  listUsersOperation,
  modifyUserOperation,
  retrieveUserOperation,
} from "./resources/organization/users/users.operation.ts";
import { compactConversationOperation } from "./resources/responses/compact/compact.operation.ts";
import {
  cancelResponseOperation,
  countInputTokensOperation,
  createResponseOperation,
  deleteResponseOperation,
  getResponseOperation,
  listInputItemsOperation,
} from "./resources/responses/responses.operation.ts";

/** Every operation an outlet answers, in the API reference's order. */
export const operations: readonly Operation[] = [
  createResponseOperation,
  getResponseOperation,
  deleteResponseOperation,
  cancelResponseOperation,
  listInputItemsOperation,
  countInputTokensOperation,
  compactConversationOperation,
  createConversationOperation,
  getConversationOperation,
  updateConversationOperation,
  deleteConversationOperation,
  createConversationItemsOperation,
  listConversationItemsOperation,
  getConversationItemOperation,
  deleteConversationItemOperation,
  createChatCompletionOperation,
  listChatCompletionsOperation,
  getChatCompletionOperation,
  updateChatCompletionOperation,
  deleteChatCompletionOperation,
  getChatCompletionMessagesOperation,
  createEmbeddingOperation,
  listModelsOperation,
  retrieveModelOperation,
  deleteModelOperation,
  createModerationOperation,
  createCompletionOperation,
  listAdminKeysOperation,
  createAdminKeyOperation,
  getAdminKeyOperation,
  deleteAdminKeyOperation,
  retrieveOrganizationDataRetentionOperation,
  updateOrganizationDataRetentionOperation,
  retrieveProjectDataRetentionOperation,
  updateProjectDataRetentionOperation,
  listInvitesOperation,
  createInviteOperation,
  retrieveInviteOperation,
  deleteInviteOperation,
  listUsersOperation,
  retrieveUserOperation,
  modifyUserOperation,
  deleteUserOperation,
  listProjectsOperation,
  createProjectOperation,
  retrieveProjectOperation,
  modifyProjectOperation,
  archiveProjectOperation,
  listProjectUsersOperation,
  createProjectUserOperation,
  retrieveProjectUserOperation,
  modifyProjectUserOperation,
  deleteProjectUserOperation,
  listServiceAccountsOperation,
  createServiceAccountOperation,
  retrieveServiceAccountOperation,
  updateServiceAccountOperation,
  deleteServiceAccountOperation,
  createServiceAccountKeyOperation,
  listProjectKeysOperation,
  retrieveProjectKeyOperation,
  updateProjectKeyOperation,
  deleteProjectKeyOperation,
  retrieveKeyStrikesOperation,
  deleteKeyStrikesOperation,
  retrieveModelPermissionsOperation,
  updateModelPermissionsOperation,
  deleteModelPermissionsOperation,
  listRateLimitsOperation,
  updateRateLimitOperation,
  listAuditLogsOperation,
  usageCostsOperation,
  usageCompletionsOperation,
  usageEmbeddingsOperation,
  usageModerationsOperation,
  retrieveOrganizationSpendLimitOperation,
  updateOrganizationSpendLimitOperation,
  deleteOrganizationSpendLimitOperation,
  retrieveProjectSpendLimitOperation,
  updateProjectSpendLimitOperation,
  deleteProjectSpendLimitOperation,
  listOrganizationSpendAlertsOperation,
  createOrganizationSpendAlertOperation,
  retrieveOrganizationSpendAlertOperation,
  updateOrganizationSpendAlertOperation,
  deleteOrganizationSpendAlertOperation,
  listProjectSpendAlertsOperation,
  createProjectSpendAlertOperation,
  retrieveProjectSpendAlertOperation,
  updateProjectSpendAlertOperation,
  deleteProjectSpendAlertOperation,
];
