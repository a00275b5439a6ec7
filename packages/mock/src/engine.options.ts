import type { Rule } from "./script/rule.types.ts";

export interface MockEngineOptions {
  /** Rules that are there from the beginning, and that `reset()` keeps. Default: none. */
  rules?: readonly Rule[];
  /** Refuse what no rule matches with a 404 that says what was asked and why each rule did not match. Default: false. */
  strict?: boolean;
  /** Milliseconds before the first token, where a rule does not say; default 0. */
  delayMs?: number;
  /** Tokens per second, where a rule does not say; default 0, which is as fast as possible. */
  tokensPerSecond?: number;
}
