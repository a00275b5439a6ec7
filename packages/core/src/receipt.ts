import type { Receipt } from "./call.ts";

/** The record of a call that nothing is known of yet. */
export function newReceipt(): Receipt {
  return {
    model: null,
    snapshot: null,
    deprecation: null,
    asked: false,
    usage: null,
    judging: null,
    cost: null,
    heldTokens: 0,
    emulated: new Set(),
    error: undefined,
    complete: false,
  };
}
