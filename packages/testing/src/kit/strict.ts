import type { OutletOptions } from "@outlet/core";
import { MODELS } from "./models.ts";

/** What a throttled key may ask for in a minute. */
export const THROTTLED_TO = 2;

/** The options of the kit for a host with rules for everybody: all input is judged, keys get strikes for it, and replies explain themselves. */
export function strictOptions(usual: OutletOptions): OutletOptions {
  return {
    ...usual,
    explain: "header",
    policy: {
      model: MODELS.moderator,
      input: "block",
      strikes: { warnAt: 1, throttleAt: 2, suspendAt: 3, throttledTo: { requestsPerMinute: THROTTLED_TO } },
    },
  };
}
