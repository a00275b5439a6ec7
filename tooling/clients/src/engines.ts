import type { Engine } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { createMockServer, mockEngine, type Rule } from "@outlet/mock";

/** What answers behind an outlet, scripted by each test. */
export interface ScriptedEngine {
  readonly engine: Engine;
  script(...rules: Rule[]): void;
  reset(): void;
  close(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  start(): Promise<ScriptedEngine>;
}

export const engineKinds: readonly EngineKind[] = [
  {
    name: "an engine",
    async start() {
      const engine = mockEngine();
      return { engine, script: engine.script, reset: engine.reset, close: async () => {} };
    },
  },
  {
    name: "a relay",
    async start() {
      const upstream = await createMockServer({ keys: ["sk-upstream"] });
      // The outlet in front closes the engine with itself.
      const engine = openai({ baseURL: upstream.url, apiKey: "sk-upstream", maxRetries: 0 });
      return { engine, script: upstream.script, reset: upstream.reset, close: upstream.close };
    },
  },
];
