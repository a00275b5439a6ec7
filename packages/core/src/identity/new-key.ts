import { newId } from "../ids.ts";
import type { Change, RecordKey, StoredRecord } from "../store/store.ts";
import type { AuditEvent } from "./audit.ts";
import {
  ADMIN_KEYS,
  type KeyData,
  type KeyOwner,
  organizationOwner,
  PROJECT_KEYS,
  type SecretData,
  secretKey,
} from "./records.ts";
import { newSecret, type SecretPrefix } from "./secret.ts";

/** A key that is about to be written. */
export interface NewKey {
  readonly id: string;
  /** The secret: shown in the reply to this request, and never again. */
  readonly value: string;
  readonly createdAt: number;
  readonly data: KeyData;
  readonly changes: readonly Change[];
  readonly event: AuditEvent;
}

export interface KeyPlace {
  readonly organization: string;
  /** Null for an admin key. */
  readonly project: { readonly id: string; readonly name: string } | null;
}

/** Makes a key; it opens nothing before its changes are written. */
export async function newKey(
  { organization, project }: KeyPlace,
  options: { name: string; owner: KeyOwner | null; expiresInSeconds: number | null; createdAt: number },
): Promise<NewKey> {
  const { name, owner, expiresInSeconds, createdAt } = options;
  const id = newId("key_");
  const { value, digest, redacted } = await newSecret(prefixOf(project !== null, owner));
  const expiresAt = expiresInSeconds === null ? null : createdAt + expiresInSeconds;
  const data: KeyData = { name, digest, redacted, expiresAt, lastUsedAt: null, owner };
  const secret: SecretData = { organization, project: project?.id ?? null, key: id };
  const labels: Record<string, string> = owner ? { owner: owner.id } : {};
  return {
    id,
    value,
    createdAt,
    data,
    changes: [
      { insert: { ...keyRecord(organization, project?.id ?? null, id), createdAt, labels, data } },
      { insert: { ...secretKey(digest), createdAt, data: secret } },
    ],
    event: { type: "api_key.created", resource: id, ...(project && { project }), details: { data: {} } },
  };
}

/** Everything that there is of a key, gone. */
export function deleteKey({ collection, owner, parent, id, data }: StoredRecord): Change[] {
  return [{ delete: { collection, owner, parent, id } }, { delete: secretKey((data as KeyData).digest) }];
}

export function keyRecord(organization: string, project: string | null, id: string): RecordKey {
  const owner = organizationOwner(organization);
  if (project === null) return { collection: ADMIN_KEYS, owner, id };
  return { collection: PROJECT_KEYS, owner, parent: project, id };
}

function prefixOf(ofProject: boolean, owner: KeyOwner | null): SecretPrefix {
  if (!ofProject) return "sk-admin-";
  return owner?.type === "service_account" ? "sk-svcacct-" : "sk-proj-";
}
