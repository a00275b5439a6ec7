import type { EngineResponseRequest } from "../../../engine/engine.ts";
import type { Tokenizer } from "../../../ledger/tokenizer.ts";
import { type MeteredUsage, tokenCount } from "../../../ledger/usage.ts";
import type { ResponseEvent } from "../responses.events.ts";
import type { ResponseUsage } from "../responses.types.ts";

export interface Meter {
  read(event: ResponseEvent): void;
  /** What the engine reports; else what was said until now, as an estimate. */
  metered(usage: ResponseUsage | undefined): MeteredUsage;
}

type Asked = Pick<EngineResponseRequest, "instructions" | "input" | "tools">;

/** Reads in passing what an engine says, for the case that it never comes to tell what it used. */
export function createMeter(request: Asked, tokenizer: Tokenizer): Meter {
  let said = "";
  return {
    read(event) {
      if ("delta" in event && typeof event.delta === "string") said += event.delta;
    },
    metered(usage) {
      if (!usage) {
        const { input, instructions = "", tools = [] } = request;
        return {
          input_tokens: tokenizer.count(JSON.stringify([instructions, input, tools])),
          cached_tokens: 0,
          output_tokens: tokenizer.count(said),
          reasoning_tokens: 0,
          estimated: true,
        };
      }
      return {
        input_tokens: tokenCount(usage.input_tokens),
        cached_tokens: tokenCount(usage.input_tokens_details?.cached_tokens),
        output_tokens: tokenCount(usage.output_tokens),
        reasoning_tokens: tokenCount(usage.output_tokens_details?.reasoning_tokens),
        estimated: false,
      };
    },
  };
}
