import type { Store } from "@outlet/core";
import type { OwnDatabase } from "../kit/check-database.ts";

/** One kind of store, as the kit gets hold of it. */
export interface StoreCell {
  readonly name: string;
  /** Makes an empty database that nothing else uses; the kit asks for one for each requirement. */
  readonly create: () => Promise<StoreDatabase>;
}

export type StoreDatabase = OwnDatabase<Store>;
