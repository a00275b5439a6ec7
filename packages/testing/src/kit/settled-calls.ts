import assert from "node:assert/strict";
import type { SettledCall } from "@outlet/core";
import { within } from "./within.ts";

/** What the outlet told `onSettle`. */
export interface SettledCalls {
  readonly record: (call: SettledCall) => void;
  /** The settled record of a request, by its reply's `x-request-id`; waits for it. */
  of(requestId: string | null | undefined): Promise<SettledCall>;
  /** The first record that is yet to come of a request of this principal's; waits for it. */
  by(principalId: string): Promise<SettledCall>;
  /** How often a request was settled so far. */
  count(requestId: string): number;
}

export function createSettledCalls(): SettledCalls {
  const records = new Map<string, SettledCall[]>();
  const waiting = new Map<string, ((call: SettledCall) => void)[]>();
  const waitingFor = new Map<string, (call: SettledCall) => void>();
  return {
    record(call) {
      waitingFor.get(call.principal?.id ?? "")?.(call);
      records.set(call.requestId, [...(records.get(call.requestId) ?? []), call]);
      for (const tell of waiting.get(call.requestId) ?? []) tell(call);
      waiting.delete(call.requestId);
    },
    async of(requestId) {
      assert.ok(requestId, "there is no request id to look for");
      const known = records.get(requestId)?.[0];
      if (known) return known;
      const settled = new Promise<SettledCall>((resolve) => {
        waiting.set(requestId, [...(waiting.get(requestId) ?? []), resolve]);
      });
      return within(`the settling of ${requestId}`, settled);
    },
    by(principalId) {
      const settled = new Promise<SettledCall>((resolve) => waitingFor.set(principalId, resolve));
      return within(`the settling of a request of ${principalId}`, settled);
    },
    count: (requestId) => records.get(requestId)?.length ?? 0,
  };
}
