import type { Principal } from "../access/principal.ts";
import type { Logger } from "../engine/engine.ts";
import { unavailable } from "../errors/catalogue.ts";
import { unixSeconds } from "../ids.ts";
import { guardedStore } from "../store/guarded-store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Change, Store } from "../store/store.ts";
import { type AuditEvent, auditRecord } from "./audit.ts";
import { defaultOrganization } from "./default-organization.ts";
import { createIssuedKeys, type IssuedKeys } from "./issued-keys.ts";
import { createLastUsed } from "./last-used.ts";
import type { PlatformInvite, PlatformOptions } from "./platform.options.ts";
import { createProjectStates, type ProjectStates } from "./project-states.ts";
import type { DefaultData } from "./records.ts";
import { nextRevision, watchRevisions } from "./revisions.ts";

/** What an admin action comes to. */
export interface Plan<Result> {
  readonly changes: readonly Change[];
  readonly events: readonly AuditEvent[];
  /** Ids of keys, users, service accounts and projects for which something that was true until now is not. */
  readonly revoked?: readonly string[];
  readonly result: Result;
}

/** Organizations, projects and keys, for those who administer them and for those who ask who is calling. */
export interface Platform {
  readonly store: Store;
  readonly keys: Pick<IssuedKeys, "find" | "throttledUntil">;
  readonly projects: Pick<ProjectStates, "admit">;
  /** The host's own word on an invite; see `PlatformOptions`. Never rejects. */
  invited(invite: PlatformInvite): Promise<{ readonly name: string } | null>;
  /** The organization that there is from the start, and its default project. */
  defaults(): Promise<DefaultData>;
  /**
   * Writes what a plan comes to with its audit records: all of it or nothing. Plans anew when something that it was made
   * from has changed meanwhile. What is revoked is revoked when this resolves; other processes hear of it.
   */
  commit<Result>(organization: string, actor: Principal, plan: () => Promise<Plan<Result>>): Promise<Result>;
  close(): Promise<void>;
}

const MAX_TRIES = 8;
const DEFAULTS = { refreshMs: 1_000, knownKeys: 10_000, lastUsedMs: 10_000 };

/**
 * @param shared the outlet's own store. One that does not outlive this process may forget what is old, so the platform has
 * another there, which forgets nothing.
 */
export function createPlatform(shared: Store, options: PlatformOptions, logger: Logger): Platform {
  const { refreshMs, knownKeys, lastUsedMs } = { ...DEFAULTS, ...options };
  const { news } = options;
  const store = shared.durable ? shared : guardedStore(createMemoryStore({ maxBytes: Number.POSITIVE_INFINITY }));
  const lastUsed = createLastUsed(store, lastUsedMs, logger);
  const keys = createIssuedKeys(store, knownKeys, lastUsed.used);
  const projects = createProjectStates(store);
  let defaults: Promise<DefaultData> | null = null;

  function forget(ids: ReadonlySet<string> | null): void {
    keys.forget(ids);
    projects.forget(ids);
  }

  const revisions = store.durable ? watchRevisions({ store, everyMs: refreshMs, logger, changed: forget }) : null;
  if (revisions) {
    void revisions.refresh();
    news?.listen(() => void revisions.refresh());
  }

  async function announce(): Promise<void> {
    try {
      await news?.announce();
    } catch (err) {
      logger.warn({ err }, "other processes were not told that keys have changed");
    }
  }

  return {
    store,
    keys,
    projects,
    async invited(invite) {
      try {
        return (await options.onInvite?.(invite)) ?? null;
      } catch (err) {
        logger.error({ err }, "onInvite failed: the invite is there, and may not have been sent");
        return null;
      }
    },
    defaults() {
      defaults ??= defaultOrganization(store).catch((error) => {
        defaults = null;
        throw error;
      });
      return defaults;
    },
    async commit(organization, actor, plan) {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const { changes, events, revoked = [], result } = await plan();
        const now = unixSeconds();
        const written = await store.write([
          ...changes,
          ...events.map((event) => auditRecord(organization, actor, event, now)),
          ...(revoked.length > 0 ? await nextRevision(store, revoked) : []),
        ]);
        if (!written) continue;
        if (revoked.length > 0) {
          forget(new Set(revoked));
          void announce();
        }
        return result;
      }
      throw unavailable("The organization is being changed by too many requests at once.");
    },
    async close() {
      revisions?.close();
      await lastUsed.close();
      await news?.close?.();
    },
  };
}
