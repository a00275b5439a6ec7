import type { Ledger } from "@outlet/core";

/** One thing that core counts on in a ledger, and the check that it is so. */
export interface LedgerRequirement {
  /** Stable, dotted, topic first: `ledger.settle.once`. */
  readonly id: string;
  /** The requirement in one sentence. */
  readonly title: string;
  /** `shared`: can only be checked where several ledgers are open on the same database. */
  readonly needs?: readonly "shared"[];
  /** Rejects when the requirement is not met. */
  run(context: LedgerContext): Promise<void>;
}

export interface LedgerContext {
  /** Open on an empty database. */
  readonly ledger: Ledger;
  /** Opens the same database once more. */
  readonly open: () => Promise<Ledger>;
}
