import { ApiError } from "../errors/api-error.ts";
import { storeUnavailable } from "../errors/catalogue.ts";
import type { Store } from "./store.ts";

/** Whether the last call of something failed. */
export interface Pulse {
  failing: boolean;
}

/** The same store, whose failures reach a client as a 503 that may be tried again, with the cause for the log alone. */
export function guardedStore(store: Store, pulse: Pulse = { failing: false }): Store {
  if (store.specificationVersion !== "v1") {
    throw new TypeError('store is not a store: expected specificationVersion "v1"');
  }
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      pulse.failing = false;
      return result;
    } catch (error) {
      pulse.failing = !(error instanceof ApiError);
      throw error instanceof ApiError ? error : storeUnavailable(error);
    }
  };
  return {
    specificationVersion: "v1",
    durable: store.durable ?? false,
    get: (query) => guard(() => store.get(query)),
    list: (query) => guard(() => store.list(query)),
    write: (changes) => guard(() => store.write(changes)),
    claim: (collection, now, until) => guard(() => store.claim(collection, now, until)),
    expire: (now) => guard(() => store.expire(now)),
    close: async () => store.close?.(),
  };
}
