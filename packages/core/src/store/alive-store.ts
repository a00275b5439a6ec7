import { unixSeconds } from "../ids.ts";
import type { Store } from "./store.ts";

/** The same store without what has expired, from the second on in which it does: whether it is erased yet makes no difference to anybody. */
export function aliveStore(store: Store): Store {
  return {
    ...store,
    get: (query) => store.get({ ...query, aliveAt: unixSeconds() }),
    list: (query) => store.list({ ...query, aliveAt: unixSeconds() }),
  };
}
