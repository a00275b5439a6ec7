import { type Admin, ApiRefusal } from "./admin.ts";
import type { Arguments } from "./arguments.ts";
import { findProject, type Project, projects } from "./projects.ts";

type Command<Name extends Arguments["command"]> = Extract<Arguments, { command: Name }>;

interface Named {
  readonly key: string;
}

/** A key as it is listed; of no project: an admin key. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly redacted_value: string;
  /** Unix seconds, as the others. */
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly project: Project | null;
}

export interface CreatedKey {
  readonly id: string;
  /** The secret. */
  readonly value: string;
  readonly project: Project | null;
}

export async function createKey(
  admin: Admin,
  { name, project: named, expiresInSeconds }: Command<"create">,
): Promise<CreatedKey> {
  const body = { name, ...(expiresInSeconds !== null && { expires_in_seconds: expiresInSeconds }) };
  if (named === null) {
    return { ...(await admin.call<{ id: string; value: string }>("POST", "/admin_api_keys", body)), project: null };
  }
  const project = await findProject(admin, named);
  const accounts = `/projects/${project.id}/service_accounts`;
  const account = await admin.call<{ api_key: { id: string; value: string } }>("POST", accounts, body);
  return { ...account.api_key, project };
}

export async function* listKeys(admin: Admin, { project: named }: Command<"list">): AsyncIterable<ListedKey> {
  if (named === null) {
    for await (const key of admin.list<ListedKey>("/admin_api_keys")) yield { ...key, project: null };
  }
  const of = named === null ? projects(admin) : [await findProject(admin, named)];
  for await (const project of of) {
    for await (const key of admin.list<ListedKey>(keysOf(project))) yield { ...key, project };
  }
}

/** @throws TypeError when there is no such key */
export async function revokeKey(admin: Admin, { key }: Named): Promise<void> {
  const id = encodeURIComponent(key);
  if (await deleted(admin, `/admin_api_keys/${id}`)) return;
  for await (const project of projects(admin)) {
    if (await deleted(admin, `${keysOf(project)}/${id}`)) return;
  }
  throw new TypeError(`there is no key with the id "${key}"`);
}

/** @throws TypeError when no project has such a key */
export async function liftKey(admin: Admin, { key }: Named): Promise<void> {
  for await (const project of projects(admin)) {
    if (await deleted(admin, `${keysOf(project)}/${encodeURIComponent(key)}/strikes`)) return;
  }
  throw new TypeError(`no project has a key with the id "${key}"`);
}

/** False when it is not there. */
async function deleted(admin: Admin, path: string): Promise<boolean> {
  try {
    await admin.call("DELETE", path);
    return true;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return false;
    throw error;
  }
}

function keysOf({ id }: Project): string {
  return `/projects/${id}/api_keys`;
}
