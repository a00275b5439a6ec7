import type { SettledCall } from "@outlet/core";
import { createTokenizer, type Rule } from "@outlet/mock";
import type { Api } from "./client.types.ts";
import type { EngineKind } from "./engines.ts";
import type { Framework } from "./servers.ts";

const KEY = "sk-clients";
const MODEL = "gpt-4o-mini";
const EMBEDDING_MODEL = "text-embedding-3-small";

/** An outlet with an engine behind it, and what the test has to see of both. */
export interface Stand {
  readonly api: Api;
  /** Calls that have ended since the last `reset`. */
  readonly settled: readonly SettledCall[];
  /** The first call since the last `reset`, as soon as it has ended. */
  firstSettled(): Promise<SettledCall>;
  script(...rules: Rule[]): void;
  reset(): void;
  close(): Promise<void>;
}

export async function startStand(framework: Framework, kind: EngineKind): Promise<Stand> {
  const scripted = await kind.start();
  const settled: SettledCall[] = [];
  let first = Promise.withResolvers<SettledCall>();
  const server = await framework.serve({
    keys: [KEY],
    models: { [MODEL]: scripted.engine, [EMBEDDING_MODEL]: scripted.engine },
    tokenizer: createTokenizer(),
    logger: { error() {}, warn() {} },
    onSettle(call) {
      settled.push(call);
      first.resolve(call);
    },
  });
  return {
    api: { baseURL: server.baseURL, apiKey: KEY, model: MODEL, embeddingModel: EMBEDDING_MODEL },
    settled,
    firstSettled: () => first.promise,
    script: scripted.script,
    reset() {
      scripted.reset();
      settled.length = 0;
      first = Promise.withResolvers();
    },
    async close() {
      await server.close();
      await scripted.close();
    },
  };
}
