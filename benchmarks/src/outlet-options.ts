import { openai } from "@outlet/engine-openai";
import { upstreamOrigin } from "./serve.ts";

let tokens = 0;

/** What every measured outlet has: a key that is checked and usage that is metered. */
export const benchOptions = {
  keys: ["sk-bench"],
  models: { bench: openai({ baseURL: `${upstreamOrigin}/v1`, apiKey: "sk-upstream" }) },
  onSettle: (call: { usage: { output_tokens: number } | null }) => {
    tokens += call.usage?.output_tokens ?? 0;
  },
};

export const meteredTokens = (): number => tokens;
