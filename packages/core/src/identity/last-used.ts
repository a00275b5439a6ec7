import type { Logger } from "../engine/engine.ts";
import { createAlarm } from "../jobs/timer.ts";
import type { Store } from "../store/store.ts";
import { updateRecord } from "../store/update.ts";
import type { KnownKey } from "./issued-keys.ts";
import type { KeyData } from "./records.ts";

export interface LastUsed {
  /** Remembers that the key is in use; called once for each time that it is written down. */
  used(key: KnownKey): void;
  /** Writes down what is remembered. */
  close(): Promise<void>;
}

/** Keys that are written down at a time: a store commits what is under way together. */
const TOGETHER = 50;

/** Writes down when keys were last used, many at a time, and never on the way of a request. */
export function createLastUsed(store: Store, everyMs: number, logger: Logger): LastUsed {
  let keys: KnownKey[] = [];
  const alarm = createAlarm(() => void write());

  async function write(): Promise<void> {
    const used = keys;
    keys = [];
    try {
      for (let from = 0; from < used.length; from += TOGETHER) {
        await Promise.all(used.slice(from, from + TOGETHER).map((key) => writeDown(store, key)));
      }
    } catch (err) {
      logger.warn({ err }, "when keys were last used was not written down");
    }
  }

  return {
    used(key) {
      keys.push(key);
      alarm.set(Date.now() + everyMs);
    },
    close() {
      alarm.clear();
      return write();
    },
  };
}

async function writeDown(store: Store, key: KnownKey): Promise<void> {
  const lastUsedAt = Math.floor(key.usedAt / 1000);
  key.usedAt = 0;
  await updateRecord(store, key.record, (record) => {
    const data = record.data as KeyData;
    return (data.lastUsedAt ?? 0) >= lastUsedAt ? null : { data: { ...data, lastUsedAt } };
  });
}
