import type { Store } from "@outlet/core";

/** One thing that core counts on in a store, and the check that it is so. */
export interface StoreRequirement {
  /** Stable, dotted, topic first: `store.list.after`. */
  readonly id: string;
  /** The requirement in one sentence. */
  readonly title: string;
  /** `shared`: can only be checked where several stores are open on the same database. */
  readonly needs?: readonly "shared"[];
  /** Rejects when the requirement is not met. */
  run(context: StoreContext): Promise<void>;
}

export interface StoreContext {
  /** Open on an empty database. */
  readonly store: Store;
  /** Opens the same database once more. */
  readonly open: () => Promise<Store>;
}
