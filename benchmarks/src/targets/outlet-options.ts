import type { OutletOptions } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { upstreamOrigin } from "./environment.ts";

export let meteredTokens = 0;

/** What every measured outlet has: a key that is checked, and usage that is metered and settled. */
export const outletOptions = {
  keys: ["sk-bench"],
  models: { bench: openai({ baseURL: `${upstreamOrigin}/v1`, apiKey: "sk-upstream" }) },
  onSettle: ({ usage }) => {
    meteredTokens += usage?.output_tokens ?? 0;
  },
} satisfies OutletOptions;
