import type { Store } from "@outlet/core";

/** One kind of store, as the kit gets hold of it. */
export interface StoreCell {
  readonly name: string;
  /** Makes an empty database that nothing else uses; the kit asks for one for each requirement. */
  create(): Promise<StoreDatabase>;
}

export interface StoreDatabase {
  /** Opens it. Where it is shared, the kit opens it more than once at a time, as several processes do; it closes what it opened. */
  open(): Promise<Store>;
  /** True when every store that is opened sees the same records, and they outlive it. */
  readonly shared: boolean;
  /** Removes it, after everything that was opened has been closed. */
  drop(): Promise<void>;
}
