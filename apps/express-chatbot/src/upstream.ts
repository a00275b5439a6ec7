import type { Engine } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { createMockServer } from "@outlet/mock";

/** What the chatbot's answers come from. */
export interface Upstream {
  readonly engine: Engine;
  readonly model: string;
  /** For people: `the mock server at http://127.0.0.1:4000`. */
  readonly name: string;
  close(): Promise<void>;
}

const DEFAULT_MODEL = "gpt-4o-mini";
/** The mock's pace: visible, as a real model's is. */
const MOCK_TOKENS_PER_SECOND = 40;

/**
 * With `OPENAI_API_KEY`, the OpenAI API or what speaks it at `OPENAI_BASE_URL`; without, a mock server of our own.
 * Either way the engine speaks to it over HTTP.
 */
export async function connectUpstream(env: NodeJS.ProcessEnv): Promise<Upstream> {
  const model = env.CHAT_MODEL || DEFAULT_MODEL;
  const apiKey = env.OPENAI_API_KEY;
  if (apiKey) {
    const baseURL = env.OPENAI_BASE_URL || "https://api.openai.com/v1";
    return { model, engine: openai({ apiKey, baseURL }), name: baseURL, close: async () => {} };
  }
  const mock = await createMockServer({ tokensPerSecond: MOCK_TOKENS_PER_SECOND });
  return {
    model,
    engine: openai({ baseURL: mock.url }),
    name: `the mock server at ${mock.url}`,
    close: () => mock.close(),
  };
}
