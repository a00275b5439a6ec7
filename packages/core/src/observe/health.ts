/** How an outlet and what it stands on are doing, as far as its own calls have shown: nothing is asked for this. */
export interface Health {
  /** False once `close()` was called. */
  readonly open: boolean;
  /** Calls under way. */
  readonly underWay: number;
  /** `failing`: the last call of it failed. */
  readonly store: "working" | "failing";
  /** `failing`: the last call of it failed, or endings wait to be written. Null where there is none. */
  readonly ledger: "working" | "failing" | null;
  /** Calls that have ended and are not written in the ledger yet. */
  readonly unsettled: number;
  /** `failing`: what is shared with other processes is away. Null where there are no rate limits. */
  readonly limiter: "working" | "failing" | null;
}
