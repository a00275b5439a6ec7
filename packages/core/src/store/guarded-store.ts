import { ApiError } from "../errors/api-error.ts";
import { storeUnavailable } from "../errors/catalogue.ts";
import type { Store } from "./store.ts";

/** The same store, whose failures reach a client as a 503 that may be tried again, with the cause for the log alone. */
export function guardedStore(store: Store): Store {
  if (store.specificationVersion !== "v1") {
    throw new TypeError('store is not a store: expected specificationVersion "v1"');
  }
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof ApiError ? error : storeUnavailable(error);
    }
  };
  return {
    specificationVersion: "v1",
    durable: store.durable ?? false,
    get: (key) => guard(() => store.get(key)),
    list: (query) => guard(() => store.list(query)),
    write: (changes) => guard(() => store.write(changes)),
    claim: (collection, now, until) => guard(() => store.claim(collection, now, until)),
    close: async () => store.close?.(),
  };
}
