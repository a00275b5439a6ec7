import type { OwnLimits } from "../limits/project-limits.ts";
import type { ProjectRetentionType, RetentionType } from "../retention/retention-type.ts";
import type { RecordKey } from "../store/store.ts";
import type { KeyStrikes } from "./strikes.ts";

// Where the platform's records are. An organization's own are kept under its name; what belongs to a project is its child.

/** What belongs to no organization: which one is the default, whose key a digest is, what has changed lately. */
const PLATFORM = "platform";

export const ORGANIZATIONS = "organization";
export const PROJECTS = "organization.project";
export const SERVICE_ACCOUNTS = "organization.project.service_account";
export const PROJECT_KEYS = "organization.project.api_key";
export const PROJECT_USERS = "organization.project.user";
export const ADMIN_KEYS = "organization.admin_api_key";
export const USERS = "organization.user";
export const INVITES = "organization.invite";
/** Who has an address, under the address: no two users of an organization have one. */
export const USER_EMAILS = "organization.user_email";
export const AUDIT_LOGS = "organization.audit_log";

export const DEFAULT_KEY: RecordKey = { collection: "platform", owner: PLATFORM, id: "default" };
export const REVISION_KEY: RecordKey = { collection: "platform", owner: PLATFORM, id: "revision" };

/** Where a key is found by the digest of its secret. */
export function secretKey(digest: string): RecordKey {
  return { collection: "platform.secret", owner: PLATFORM, id: digest };
}

/** Whose an organization's records are. */
export function organizationOwner(organization: string): string {
  return `organization:${organization}`;
}

export interface DefaultData {
  readonly organization: string;
  readonly project: string;
}

/** What admins have set for a whole organization, where they have. */
export interface OrganizationData {
  readonly retention?: RetentionType;
}

export interface ProjectData {
  readonly name: string;
  /** Unix seconds; null while it is active. */
  readonly archivedAt: number | null;
  /** Which models it may use; null for all. */
  readonly models: ModelRule | null;
  /** What its admins have set, where they have. */
  readonly limits?: OwnLimits;
  /** Default: `organization_default`. */
  readonly retention?: ProjectRetentionType;
}

export interface ModelRule {
  readonly mode: "allow_list" | "deny_list";
  readonly ids: readonly string[];
}

export interface ServiceAccountData {
  readonly name: string;
  readonly role: "owner" | "member" | "none";
}

export interface UserData {
  readonly name: string;
  readonly email: string;
  readonly role: "owner" | "reader";
  /** The projects that they are members of. */
  readonly projects: readonly string[];
}

export interface UserEmailData {
  readonly user: string;
}

export interface InviteData {
  readonly email: string;
  readonly role: UserData["role"];
  readonly projects: readonly { readonly id: string; readonly role: ProjectUserData["role"] }[];
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Null until it is. */
  readonly acceptedAt: number | null;
}

export interface ProjectUserData {
  readonly role: "owner" | "member";
}

/** A key without its secret. */
export interface KeyData {
  readonly name: string;
  readonly digest: string;
  readonly redacted: string;
  /** Unix seconds; null for never. */
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  /** Null for an admin key that no user has made. */
  readonly owner: KeyOwner | null;
  /** What its calls have been found at, where they have. */
  readonly strikes?: KeyStrikes;
}

export interface KeyOwner {
  readonly type: "service_account" | "user";
  readonly id: string;
}

/** Which key has a secret of this digest. */
export interface SecretData {
  readonly organization: string;
  /** Null for an admin key. */
  readonly project: string | null;
  readonly key: string;
}
