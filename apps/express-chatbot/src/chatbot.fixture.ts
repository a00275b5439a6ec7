import type { ChatMessage, Store } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { createMockServer, type ReplyStep } from "@outlet/mock";
import { createApp } from "./app.ts";
import type { Limits } from "./limits.ts";
import { listen } from "./listen.ts";

/** The whole app, listening, with a mock server behind it that tests can steer and look into. */
export interface Chatbot {
  readonly url: string;
  /** What opens `/v1`. */
  readonly key: string;
  /** What the mock answers from now on, in order; it stays at the last. */
  script(...replies: ReplyStep[]): void;
  /** The messages that the mock was sent, for each call. */
  prompts(): ChatMessage[][];
  /** Resolves when the mock has seen a caller leave mid-answer. */
  readonly abortSeen: Promise<void>;
  close(): Promise<void>;
}

export async function startChatbot(limits: Partial<Limits> = {}, store?: Store): Promise<Chatbot> {
  const aborted = Promise.withResolvers<void>();
  const mock = await createMockServer({
    onCall: (call) => {
      if (call.aborted) aborted.resolve();
    },
  });
  const engine = openai({ baseURL: mock.url, maxRetries: 0 });
  const key = "sk-of-the-test";
  const models = { "gpt-4o-mini": engine };
  const { app, outlet } = createApp({ models, model: "gpt-4o-mini", key, limits, ...(store && { store }) });
  const server = await listen(app, 0);
  return {
    url: server.url,
    key,
    script: (...reply) => mock.script({ reply }),
    prompts: () => mock.calls.map(({ body }) => body.messages ?? []),
    abortSeen: aborted.promise,
    async close() {
      await outlet.close({ graceMs: 0 });
      await server.close();
      await mock.close();
    },
  };
}
