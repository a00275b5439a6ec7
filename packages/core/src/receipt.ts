import type { Receipt } from "./call.ts";

const NOTHING: readonly never[] = Object.freeze([]);

/** The record of a call that nothing is known of yet. */
export function newReceipt(): Receipt {
  return {
    model: null,
    snapshot: null,
    instance: null,
    deprecation: null,
    asked: false,
    usage: null,
    judging: null,
    flagged: NOTHING,
    standing: null,
    cost: null,
    heldTokens: 0,
    emulated: new Set(),
    explained: null,
    firstTokenAt: 0,
    error: undefined,
    complete: false,
  };
}
