import type { Limiter } from "@outlet/core";

/** One thing that core counts on in a limiter, and the check that it is so. */
export interface LimiterRequirement {
  /** Stable, dotted, topic first: `limiter.take.whole`. */
  readonly id: string;
  /** The requirement in one sentence. */
  readonly title: string;
  /** `shared`: can only be checked where several limiters count in the same place. */
  readonly needs?: readonly "shared"[];
  /** Rejects when the requirement is not met. */
  run(context: LimiterContext): Promise<void>;
}

export interface LimiterContext {
  /** One that knows of nothing yet. */
  readonly limiter: Limiter;
  /** Another one that counts in the same place. */
  readonly open: () => Promise<Limiter>;
}
