import type { Principal } from "../access/principal.ts";
import type { Awaitable } from "../awaitable.ts";
import { keySuspended } from "../errors/access.ts";
import type { RecordKey, Store } from "../store/store.ts";
import { createLookUps } from "./look-ups.ts";
import { createRecent } from "./recent.ts";
import {
  ADMIN_KEYS,
  type KeyData,
  type KeyOwner,
  organizationOwner,
  PROJECT_KEYS,
  PROJECT_USERS,
  SERVICE_ACCOUNTS,
  type SecretData,
  secretKey,
  USERS,
  type UserData,
} from "./records.ts";
import { digestOf, looksIssued } from "./secret.ts";
import type { KeyStrikes } from "./strikes.ts";

/** A key that was looked up. */
export interface KnownKey {
  readonly principal: Principal;
  readonly record: RecordKey;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** A change to any of these may change whom the key stands for. */
  readonly ids: readonly string[];
  readonly strikes: KeyStrikes | undefined;
  /** Unix milliseconds; 0 for not since it was written down. */
  usedAt: number;
}

export interface IssuedKeys {
  /** Whom a key stands for, at once where it is known; null for nobody. Rejects when the store cannot be reached. */
  find(presented: string): Awaitable<Principal | null>;
  /** Until when a caller's key is throttled, in Unix milliseconds; 0 for not at all. */
  throttledUntil(principal: Principal): number;
  /** Looks these up anew, whose ids are these; null for all. */
  forget(ids: ReadonlySet<string> | null): void;
}

const CONCURRENCY = 16;
const WAITING = 1_000;
const MOST_UNKNOWN = 10_000;
const UNKNOWN_MS = 5_000;

/**
 * The keys that the platform has issued. Those in use are known in memory by what clients present; only one that is not known is
 * looked up, by its digest, and what is not there is not asked for again for a while.
 */
export function createIssuedKeys(store: Store, known: number, used: (key: KnownKey) => void): IssuedKeys {
  const keys = createRecent<KnownKey>(known);
  const unknown = createRecent<number>(MOST_UNKNOWN);
  const throttled = new WeakMap<Principal, number>();
  /** Counts what was forgotten: a look-up that began before may have seen what no longer holds. */
  let forgotten = 0;

  const lookUp = createLookUps(
    async (presented) => {
      const before = forgotten;
      const key = await readKey(store, await digestOf(presented));
      if (!key) unknown.set(presented, Date.now() + UNKNOWN_MS);
      else if (before === forgotten) keys.set(presented, key);
      if (key?.strikes) throttled.set(key.principal, key.strikes.throttledUntil);
      return key;
    },
    { concurrency: CONCURRENCY, waiting: WAITING },
  );

  function holder(key: KnownKey): Principal | null {
    const now = Date.now();
    if (key.expiresAt <= now) return null;
    if (key.strikes && key.strikes.suspendedAt !== null) throw keySuspended();
    const first = key.usedAt === 0;
    key.usedAt = now;
    if (first) used(key);
    return key.principal;
  }

  return {
    find(presented) {
      const key = keys.get(presented);
      if (key) return holder(key);
      if (!looksIssued(presented) || (unknown.get(presented) ?? 0) > Date.now()) return null;
      return lookUp(presented).then((found) => found && holder(found));
    },
    throttledUntil: (principal) => throttled.get(principal) ?? 0,
    forget(ids) {
      forgotten += 1;
      if (ids === null) keys.clear();
      else keys.forget((key) => key.ids.some((id) => ids.has(id)));
    },
  };
}

/** The key with a secret of this digest, if whoever it was made for is still there. */
async function readKey(store: Store, digest: string): Promise<KnownKey | null> {
  const secret = await store.get(secretKey(digest));
  if (!secret) return null;
  const { organization, project, key: id } = secret.data as SecretData;
  const owner = organizationOwner(organization);
  const record: RecordKey =
    project === null ? { collection: ADMIN_KEYS, owner, id } : { collection: PROJECT_KEYS, owner, parent: project, id };
  const found = await store.get(record);
  if (!found) return null;
  const { owner: holder, expiresAt, strikes } = found.data as KeyData;
  if (holder && !(await holds(store, owner, project, holder))) return null;
  const of = holder ? (holder.type === "user" ? { user: holder.id } : { serviceAccount: holder.id }) : {};
  const where = project === null ? { admin: true } : { project };
  return {
    principal: Object.freeze({ id, organization, ...where, apiKey: id, ...of }),
    record,
    expiresAt: expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt * 1000,
    strikes,
    ids: [id, ...(project === null ? [] : [project]), ...(holder ? [holder.id] : [])],
    usedAt: 0,
  };
}

/** True while the holder's keys may open something: an owner of the organization, or a member of the project. */
async function holds(store: Store, owner: string, project: string | null, { type, id }: KeyOwner): Promise<boolean> {
  if (project === null) {
    const user = await store.get({ collection: USERS, owner, id });
    return user !== null && (user.data as UserData).role === "owner";
  }
  const collection = type === "user" ? PROJECT_USERS : SERVICE_ACCOUNTS;
  return (await store.get({ collection, owner, parent: project, id })) !== null;
}
