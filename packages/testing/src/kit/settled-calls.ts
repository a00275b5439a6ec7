import type { SettledCall } from "@outlet/core";
import { within } from "./within.ts";

/** What the outlet told `onSettle`. */
export interface SettledCalls {
  readonly record: (call: SettledCall) => void;
  /** The settled record of a request; waits for it. */
  of(requestId: string): Promise<SettledCall>;
  /** How often a request was settled so far. */
  count(requestId: string): number;
}

export function createSettledCalls(): SettledCalls {
  const records = new Map<string, SettledCall[]>();
  const waiting = new Map<string, ((call: SettledCall) => void)[]>();
  return {
    record(call) {
      records.set(call.requestId, [...(records.get(call.requestId) ?? []), call]);
      for (const tell of waiting.get(call.requestId) ?? []) tell(call);
      waiting.delete(call.requestId);
    },
    of(requestId) {
      const known = records.get(requestId)?.[0];
      if (known) return Promise.resolve(known);
      const settled = new Promise<SettledCall>((resolve) => {
        waiting.set(requestId, [...(waiting.get(requestId) ?? []), resolve]);
      });
      return within(`the settling of ${requestId}`, settled);
    },
    count: (requestId) => records.get(requestId)?.length ?? 0,
  };
}
