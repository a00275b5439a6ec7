import type { SpendPlace } from "../spend-place.ts";

/** Replies on the hard spend limits of organizations and projects. */
export interface SpendLimit<Kind extends SpendPlace["kind"]> {
  object: `${Kind}.spend_limit`;
  /** In cents. */
  threshold_amount: number;
  currency: "USD";
  interval: "month";
  /** A limit holds from when it is set until it is deleted. */
  enforcement: { status: "enforcing" };
}

export interface SpendLimitDeleted<Kind extends SpendPlace["kind"]> {
  object: `${Kind}.spend_limit.deleted`;
  deleted: boolean;
}
