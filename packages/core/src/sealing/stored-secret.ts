import { storeUnavailable } from "../errors/catalogue.ts";
import { unixSeconds } from "../ids.ts";
import { base64UrlOf } from "../inputs/base64.ts";
import type { RecordKey, Store } from "../store/store.ts";

/** No caller's: owners of those have another form. */
const KEY: RecordKey = { collection: "sealing.key", owner: "outlet", id: "default" };
const SECRET_BYTES = 32;

/** The secret of everybody who shares the store: the first one makes it. */
export async function storedSecret(store: Store): Promise<string> {
  const known = await secretIn(store);
  if (known !== null) return known;
  const secret = base64UrlOf(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  await store.write([{ insert: { ...KEY, createdAt: unixSeconds(), data: { secret } } }]);
  // Another process may have been the first.
  const kept = await secretIn(store);
  if (kept === null)
    throw storeUnavailable(new Error("the sealing key is not in the store right after it was written"));
  return kept;
}

async function secretIn(store: Store): Promise<string | null> {
  const record = await store.get(KEY);
  return record && (record.data as { secret: string }).secret;
}
