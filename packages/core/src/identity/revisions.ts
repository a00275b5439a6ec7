import type { Logger } from "../engine/engine.ts";
import { unrefed } from "../jobs/timer.ts";
import type { Change, Store } from "../store/store.ts";
import { REVISION_KEY } from "./records.ts";

/** What has changed lately, oldest first: ids of keys, their owners and projects. Every process reads it to forget what it knows of them. */
interface RevisionData {
  readonly changes: readonly { readonly version: number; readonly ids: readonly string[] }[];
}

/** A process that is further behind forgets everything. */
const KEPT_CHANGES = 128;

export const firstRevision: Change = { insert: { ...REVISION_KEY, createdAt: 0, data: { changes: [] } } };

/** The change to the revision that tells other processes of these ids. Fails its write when another change was faster. */
export async function nextRevision(store: Store, ids: readonly string[]): Promise<Change[]> {
  const record = await store.get(REVISION_KEY);
  if (!record) return [firstRevision];
  const { changes } = record.data as RevisionData;
  const version = record.version + 1;
  const data: RevisionData = { changes: [...changes.slice(1 - KEPT_CHANGES), { version, ids }] };
  return [{ replace: { ...REVISION_KEY, version: record.version, data } }];
}

export interface Revisions {
  /** Reads what has changed since it was read last. */
  refresh(): Promise<void>;
  close(): void;
}

/** Looks every `everyMs` for what other processes have changed. While the store cannot be reached, what is known goes on holding. */
export function watchRevisions(options: {
  store: Store;
  everyMs: number;
  logger: Logger;
  /** Ids that have changed; null for any. */
  changed: (ids: ReadonlySet<string> | null) => void;
}): Revisions {
  const { store, everyMs, logger, changed } = options;
  let seen: number | null = null;
  let reachable = true;
  let reading: Promise<void> | null = null;
  /** Something has changed since the reading that is under way began. */
  let again = false;
  const timer = unrefed(setInterval(() => void refresh(), everyMs));

  async function read(): Promise<void> {
    const record = await store.get(REVISION_KEY);
    const version = record?.version ?? 0;
    if (version === seen) return;
    const { changes } = (record?.data ?? { changes: [] }) as RevisionData;
    const former = seen;
    seen = version;
    const missed = former === null ? [] : changes.filter((change) => change.version > former);
    const whole = former !== null && missed.length === version - former;
    changed(whole ? new Set(missed.flatMap(({ ids }) => ids)) : null);
  }

  function refresh(): Promise<void> {
    if (reading) again = true;
    reading ??= read()
      .then(
        () => {
          reachable = true;
        },
        (err: unknown) => {
          if (reachable)
            logger.error({ err }, "cannot see which keys have changed: those that are known go on working");
          reachable = false;
        },
      )
      .finally(() => {
        reading = null;
        if (!again) return;
        again = false;
        return refresh();
      });
    return reading;
  }

  return { refresh, close: () => clearInterval(timer) };
}
