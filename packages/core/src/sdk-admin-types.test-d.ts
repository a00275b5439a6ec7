import type OpenAI from "openai";
import type { AdminKeyCreateRequest } from "./resources/organization/admin-api-keys/admin-api-keys.schema.ts";
import type {
  AdminKeyCreated,
  AdminKeyDeleted,
  AdminKeyObject,
} from "./resources/organization/admin-api-keys/admin-api-keys.types.ts";
import type { AuditLogListQuery } from "./resources/organization/audit-logs/audit-logs.schema.ts";
import type { AuditLog } from "./resources/organization/audit-logs/audit-logs.types.ts";
import type { DataRetentionUpdateRequest } from "./resources/organization/data-retention/data-retention.schema.ts";
import type { OrganizationDataRetention } from "./resources/organization/data-retention/data-retention.types.ts";
import type { InviteCreateRequest } from "./resources/organization/invites/invites.schema.ts";
import type { InviteDeleted, InviteObject } from "./resources/organization/invites/invites.types.ts";
import type { ProjectKeyUpdateRequest } from "./resources/organization/projects/api-keys/project-api-keys.schema.ts";
import type {
  ProjectKeyDeleted,
  ProjectKeyObject,
} from "./resources/organization/projects/api-keys/project-api-keys.types.ts";
import type { ProjectDataRetentionUpdateRequest } from "./resources/organization/projects/data-retention/project-data-retention.schema.ts";
import type { ProjectDataRetention } from "./resources/organization/projects/data-retention/project-data-retention.types.ts";
import type { ModelPermissionsUpdateRequest } from "./resources/organization/projects/model-permissions/model-permissions.schema.ts";
import type {
  ModelPermissions,
  ModelPermissionsDeleted,
} from "./resources/organization/projects/model-permissions/model-permissions.types.ts";
import type { ProjectCreateRequest, ProjectUpdateRequest } from "./resources/organization/projects/projects.schema.ts";
import type { ProjectObject } from "./resources/organization/projects/projects.types.ts";
import type { RateLimitUpdateRequest } from "./resources/organization/projects/rate-limits/rate-limits.schema.ts";
import type { ProjectRateLimitObject } from "./resources/organization/projects/rate-limits/rate-limits.types.ts";
import type { ServiceAccountKeyCreateRequest } from "./resources/organization/projects/service-accounts/api-keys/service-account-keys.schema.ts";
import type { ServiceAccountKeyObject } from "./resources/organization/projects/service-accounts/api-keys/service-account-keys.types.ts";
import type {
  ServiceAccountCreateRequest,
  ServiceAccountUpdateRequest,
} from "./resources/organization/projects/service-accounts/service-accounts.schema.ts";
import type {
  ServiceAccountCreated,
  ServiceAccountDeleted,
  ServiceAccountObject,
} from "./resources/organization/projects/service-accounts/service-accounts.types.ts";
import type {
  ProjectUserCreateRequest,
  ProjectUserUpdateRequest,
} from "./resources/organization/projects/users/project-users.schema.ts";
import type {
  ProjectUserDeleted,
  ProjectUserObject,
} from "./resources/organization/projects/users/project-users.types.ts";
import type { SpendAlertRequest } from "./resources/organization/spend-alerts/spend-alerts.schema.ts";
import type { SpendAlertDeleted, SpendAlertObject } from "./resources/organization/spend-alerts/spend-alerts.types.ts";
import type { SpendLimitUpdateRequest } from "./resources/organization/spend-limit/spend-limit.schema.ts";
import type { SpendLimit, SpendLimitDeleted } from "./resources/organization/spend-limit/spend-limit.types.ts";
import type {
  CompletionsUsage,
  Costs,
  EmbeddingsUsage,
  ModerationsUsage,
  UsagePage,
} from "./resources/organization/usage/usage.types.ts";
import type { UserListQuery, UserUpdateRequest } from "./resources/organization/users/users.schema.ts";
import type { OrganizationUserDeleted, OrganizationUserObject } from "./resources/organization/users/users.types.ts";

// Holds the admin API's requests and replies against the official SDK's types, as `sdk-types.test-d.ts` does the rest.

/** Compiles only when every `From` is also a `To`. */
type Fits<From extends To, To> = From;
/** Compiles only when there is nothing in it. */
type Nothing<Left extends never> = Left;

type Sdk = typeof OpenAI.prototype.admin.organization;
type Body<Method extends (...parameters: never[]) => unknown, Index extends number = 0> = NonNullable<
  Parameters<Method>[Index]
>;
type Result<Method extends (...parameters: never[]) => PromiseLike<unknown>> = Awaited<ReturnType<Method>>;
/** What goes into the body; the SDK takes the path's ids with it. */
type InBody<Params> = Omit<Params, "project_id">;

type Keys = Sdk["adminAPIKeys"];
export type AcceptsAdminKey = Fits<Body<Keys["create"]>, AdminKeyCreateRequest>;
export type NoMissingAdminKey = Nothing<Exclude<keyof Body<Keys["create"]>, keyof AdminKeyCreateRequest>>;
export type NoExtraAdminKey = Nothing<Exclude<keyof AdminKeyCreateRequest, keyof Body<Keys["create"]>>>;
export type AnswersAdminKey = [
  Fits<AdminKeyObject, Result<Keys["retrieve"]>>,
  Fits<AdminKeyCreated, Result<Keys["create"]>>,
  Fits<AdminKeyDeleted, Result<Keys["delete"]>>,
];

type Projects = Sdk["projects"];
export type AcceptsProject = [
  Fits<Body<Projects["create"]>, ProjectCreateRequest>,
  Fits<Body<Projects["update"], 1>, ProjectUpdateRequest>,
];
export type NoMissingProject = [
  Nothing<Exclude<keyof Body<Projects["create"]>, keyof ProjectCreateRequest>>,
  Nothing<Exclude<keyof Body<Projects["update"], 1>, keyof ProjectUpdateRequest>>,
];
export type NoExtraProject = [
  Nothing<Exclude<keyof ProjectCreateRequest, keyof Body<Projects["create"]>>>,
  Nothing<Exclude<keyof ProjectUpdateRequest, keyof Body<Projects["update"], 1>>>,
];
export type AnswersProject = Fits<ProjectObject, Result<Projects["retrieve"]>>;

type Accounts = Projects["serviceAccounts"];
type AccountUpdate = InBody<Body<Accounts["update"], 1>>;
type AccountKey = InBody<Body<Accounts["apiKeys"]["create"], 1>>;
export type AcceptsServiceAccount = [
  Fits<Body<Accounts["create"], 1>, ServiceAccountCreateRequest>,
  Fits<AccountUpdate, ServiceAccountUpdateRequest>,
  Fits<AccountKey, ServiceAccountKeyCreateRequest>,
];
export type NoMissingServiceAccount = [
  Nothing<Exclude<keyof Body<Accounts["create"], 1>, keyof ServiceAccountCreateRequest>>,
  Nothing<Exclude<keyof AccountUpdate, keyof ServiceAccountUpdateRequest>>,
  Nothing<Exclude<keyof AccountKey, keyof ServiceAccountKeyCreateRequest>>,
];
export type NoExtraServiceAccount = [
  Nothing<Exclude<keyof ServiceAccountCreateRequest, keyof Body<Accounts["create"], 1>>>,
  Nothing<Exclude<keyof ServiceAccountUpdateRequest, keyof AccountUpdate>>,
  Nothing<Exclude<keyof ServiceAccountKeyCreateRequest, keyof AccountKey>>,
];
export type AnswersServiceAccount = [
  Fits<ServiceAccountObject, Result<Accounts["retrieve"]>>,
  Fits<ServiceAccountCreated, Result<Accounts["create"]>>,
  Fits<ServiceAccountDeleted, Result<Accounts["delete"]>>,
  Fits<ServiceAccountKeyObject, Result<Accounts["apiKeys"]["create"]>>,
];

type ProjectKeys = Projects["apiKeys"];
type ProjectKeyUpdate = InBody<Body<ProjectKeys["update"], 1>>;
export type AcceptsProjectKey = Fits<ProjectKeyUpdate, ProjectKeyUpdateRequest>;
export type NoMissingProjectKey = Nothing<Exclude<keyof ProjectKeyUpdate, keyof ProjectKeyUpdateRequest>>;
export type NoExtraProjectKey = Nothing<Exclude<keyof ProjectKeyUpdateRequest, keyof ProjectKeyUpdate>>;
export type AnswersProjectKey = [
  Fits<ProjectKeyObject, Result<ProjectKeys["retrieve"]>>,
  Fits<ProjectKeyDeleted, Result<ProjectKeys["delete"]>>,
];

type Usage = Sdk["usage"];
export type AnswersUsage = [
  Fits<UsagePage<CompletionsUsage>, Result<Usage["completions"]>>,
  Fits<UsagePage<EmbeddingsUsage>, Result<Usage["embeddings"]>>,
  Fits<UsagePage<ModerationsUsage>, Result<Usage["moderations"]>>,
  Fits<UsagePage<Costs>, Result<Usage["costs"]>>,
];

type Permissions = Projects["modelPermissions"];
export type AcceptsModelPermissions = Fits<Body<Permissions["update"], 1>, ModelPermissionsUpdateRequest>;
export type NoExtraModelPermissions = Nothing<
  Exclude<keyof ModelPermissionsUpdateRequest, keyof Body<Permissions["update"], 1>>
>;
export type AnswersModelPermissions = [
  Fits<ModelPermissions, Result<Permissions["retrieve"]>>,
  Fits<ModelPermissionsDeleted, Result<Permissions["delete"]>>,
];

type Retention = Sdk["dataRetention"];
export type AcceptsDataRetention = Fits<Body<Retention["update"]>, DataRetentionUpdateRequest>;
export type NoExtraDataRetention = Nothing<Exclude<keyof DataRetentionUpdateRequest, keyof Body<Retention["update"]>>>;
export type AnswersDataRetention = Fits<OrganizationDataRetention, Result<Retention["retrieve"]>>;

type ProjectRetention = Projects["dataRetention"];
export type AcceptsProjectRetention = Fits<Body<ProjectRetention["update"], 1>, ProjectDataRetentionUpdateRequest>;
export type NoExtraProjectRetention = Nothing<
  Exclude<keyof ProjectDataRetentionUpdateRequest, keyof Body<ProjectRetention["update"], 1>>
>;
export type AnswersProjectRetention = Fits<ProjectDataRetention, Result<ProjectRetention["retrieve"]>>;

type RateLimit = Projects["rateLimits"];
type RateLimitUpdate = InBody<Body<RateLimit["updateRateLimit"], 1>>;
export type AcceptsRateLimit = Fits<RateLimitUpdate, RateLimitUpdateRequest>;
export type NoMissingRateLimit = Nothing<Exclude<keyof RateLimitUpdate, keyof RateLimitUpdateRequest>>;
export type NoExtraRateLimit = Nothing<Exclude<keyof RateLimitUpdateRequest, keyof RateLimitUpdate>>;
export type AnswersRateLimit = Fits<ProjectRateLimitObject, Result<RateLimit["updateRateLimit"]>>;

type AuditLogs = OpenAI.Admin.Organization.AuditLogListParams;
export type NoMissingAuditFilter = Nothing<Exclude<keyof AuditLogs, keyof AuditLogListQuery>>;
export type NoExtraAuditFilter = Nothing<Exclude<keyof AuditLogListQuery, keyof AuditLogs>>;
export type AnswersAuditLog = Fits<AuditLog, OpenAI.Admin.Organization.AuditLogListResponse>;

type OrganizationLimit = Sdk["spendLimit"];
type ProjectLimit = Projects["spendLimit"];
export type AcceptsSpendLimit = [
  Fits<Body<OrganizationLimit["update"]>, SpendLimitUpdateRequest>,
  Fits<Body<ProjectLimit["update"], 1>, SpendLimitUpdateRequest>,
];
export type NoMissingSpendLimit = Nothing<
  Exclude<keyof Body<OrganizationLimit["update"]>, keyof SpendLimitUpdateRequest>
>;
export type NoExtraSpendLimit = Nothing<
  Exclude<keyof SpendLimitUpdateRequest, keyof Body<OrganizationLimit["update"]>>
>;
export type AnswersSpendLimit = [
  Fits<SpendLimit<"organization">, Result<OrganizationLimit["retrieve"]>>,
  Fits<SpendLimitDeleted<"organization">, Result<OrganizationLimit["delete"]>>,
  Fits<SpendLimit<"project">, Result<ProjectLimit["retrieve"]>>,
  Fits<SpendLimitDeleted<"project">, Result<ProjectLimit["delete"]>>,
];

type OrganizationAlerts = Sdk["spendAlerts"];
type ProjectAlerts = Projects["spendAlerts"];
export type AcceptsSpendAlert = [
  Fits<Body<OrganizationAlerts["create"]>, SpendAlertRequest>,
  Fits<Body<OrganizationAlerts["update"], 1>, SpendAlertRequest>,
  Fits<Body<ProjectAlerts["create"], 1>, SpendAlertRequest>,
  Fits<InBody<Body<ProjectAlerts["update"], 1>>, SpendAlertRequest>,
];
export type NoMissingSpendAlert = Nothing<Exclude<keyof Body<OrganizationAlerts["create"]>, keyof SpendAlertRequest>>;
export type NoExtraSpendAlert = Nothing<Exclude<keyof SpendAlertRequest, keyof Body<OrganizationAlerts["create"]>>>;
export type AnswersSpendAlert = [
  Fits<SpendAlertObject<"organization">, Result<OrganizationAlerts["retrieve"]>>,
  Fits<SpendAlertDeleted<"organization">, Result<OrganizationAlerts["delete"]>>,
  Fits<SpendAlertObject<"project">, Result<ProjectAlerts["retrieve"]>>,
  Fits<SpendAlertDeleted<"project">, Result<ProjectAlerts["delete"]>>,
];

type Invites = Sdk["invites"];
export type AcceptsInvite = Fits<Body<Invites["create"]>, InviteCreateRequest>;
export type NoMissingInvite = Nothing<Exclude<keyof Body<Invites["create"]>, keyof InviteCreateRequest>>;
export type NoExtraInvite = Nothing<Exclude<keyof InviteCreateRequest, keyof Body<Invites["create"]>>>;
export type AnswersInvite = [
  Fits<InviteObject, Result<Invites["retrieve"]>>,
  Fits<InviteDeleted, Result<Invites["delete"]>>,
];

// Its roles are any string in the SDK, and two in the reference.
type Users = Sdk["users"];
type UserList = OpenAI.Admin.Organization.UserListParams;
export type NoMissingUser = [
  Nothing<Exclude<keyof Body<Users["update"], 1>, keyof UserUpdateRequest>>,
  Nothing<Exclude<keyof UserList, keyof UserListQuery>>,
];
export type NoExtraUser = [
  Nothing<Exclude<keyof UserUpdateRequest, keyof Body<Users["update"], 1>>>,
  Nothing<Exclude<keyof UserListQuery, keyof UserList>>,
];
export type AnswersUser = [
  Fits<OrganizationUserObject, Result<Users["retrieve"]>>,
  Fits<OrganizationUserDeleted, Result<Users["delete"]>>,
];

type ProjectUsers = Projects["users"];
type ProjectUserUpdate = InBody<Body<ProjectUsers["update"], 1>>;
export type NoMissingProjectUser = [
  Nothing<Exclude<keyof Body<ProjectUsers["create"], 1>, keyof ProjectUserCreateRequest>>,
  Nothing<Exclude<keyof ProjectUserUpdate, keyof ProjectUserUpdateRequest>>,
];
export type NoExtraProjectUser = [
  Nothing<Exclude<keyof ProjectUserCreateRequest, keyof Body<ProjectUsers["create"], 1>>>,
  Nothing<Exclude<keyof ProjectUserUpdateRequest, keyof ProjectUserUpdate>>,
];
export type AnswersProjectUser = [
  Fits<ProjectUserObject, Result<ProjectUsers["retrieve"]>>,
  Fits<ProjectUserDeleted, Result<ProjectUsers["delete"]>>,
];
