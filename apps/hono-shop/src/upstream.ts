import type { Engine } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { createMockServer } from "@outlet/mock";
import { mockRules } from "./mock-rules.ts";

/** What the shop's answers and vectors come from. */
export interface Upstream {
  readonly engine: Engine;
  readonly model: string;
  readonly embeddingModel: string;
  /** For people: `the mock server at http://127.0.0.1:4000/v1`. */
  readonly name: string;
  close(): Promise<void>;
}

const DEFAULT_MODEL = "gpt-4o-mini";
const DEFAULT_EMBEDDING_MODEL = "text-embedding-3-small";
/** The mock's pace: visible, as a real model's is. */
const MOCK_TOKENS_PER_SECOND = 60;

/**
 * With `OPENAI_API_KEY`, the OpenAI API or what speaks it at `OPENAI_BASE_URL`; without, a mock server of our own.
 * Either way the engine speaks to it over HTTP, and nothing else in the app knows which it is.
 */
export async function connectUpstream(env: NodeJS.ProcessEnv): Promise<Upstream> {
  const model = env.CHAT_MODEL || DEFAULT_MODEL;
  const embeddingModel = env.EMBEDDING_MODEL || DEFAULT_EMBEDDING_MODEL;
  const apiKey = env.OPENAI_API_KEY;
  if (apiKey) {
    const baseURL = env.OPENAI_BASE_URL || "https://api.openai.com/v1";
    return { model, embeddingModel, engine: openai({ apiKey, baseURL }), name: baseURL, close: async () => {} };
  }
  const mock = await createMockServer({ rules: mockRules, tokensPerSecond: MOCK_TOKENS_PER_SECOND });
  return {
    model,
    embeddingModel,
    engine: openai({ baseURL: mock.url }),
    name: `the mock server at ${mock.url}`,
    close: () => mock.close(),
  };
}
