import { type ChatMessage, createMemoryStore, type RecordKey, type Store } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { createMockServer, type ReplyStep } from "@outlet/mock";
import { createApp } from "./app.ts";
import { listen } from "./listen.ts";
import { mockRules } from "./mock-rules.ts";
import type { Limits } from "./session/sessions.ts";

/** The whole app, listening, with a mock server behind it that tests can steer and look into. */
export interface Shop {
  readonly url: string;
  /** What opens `/v1`. */
  readonly key: string;
  /** What the mock answers from now on when it is asked to chat, in order; it stays at the last. */
  script(...replies: ReplyStep[]): void;
  /** What the mock answers from now on when it is asked for vectors. */
  answerEmbeddings(reply: ReplyStep): void;
  /** The messages that the mock was sent, for each chat. */
  prompts(): ChatMessage[][];
  /** Texts that were embedded, the catalogue's not counted. */
  embedded(): string[];
  /** The responses that are kept, by id. */
  readonly kept: ReadonlyMap<string, unknown>;
  /** Deletes them all, behind the shop's back. */
  lose(): Promise<void>;
  /** Resolves when the mock has seen a caller leave mid-answer. */
  readonly abortSeen: Promise<void>;
  close(): Promise<void>;
}

export async function startShop(limits: Partial<Limits> = {}, inner = createMemoryStore()): Promise<Shop> {
  const aborted = Promise.withResolvers<void>();
  const mock = await createMockServer({
    rules: mockRules,
    onCall: (call) => {
      if (call.aborted) aborted.resolve();
    },
  });
  const engine = openai({ baseURL: mock.url, maxRetries: 0 });
  const key = "sk-of-the-test";
  const [model, embeddingModel] = ["gpt-4o-mini", "text-embedding-3-small"];
  const models = { [model]: engine, [embeddingModel]: engine };
  const { store, kept, lose } = watchedStore(inner);
  const { app, outlet } = await createApp({ models, model, embeddingModel, key, store, limits });
  const server = await listen(app, 0);
  const calls = (operation: string) => mock.calls.filter((call) => call.operation === operation);
  return {
    url: server.url,
    key,
    script: (...reply) => mock.script({ when: { operation: "createChatCompletion" }, reply }),
    answerEmbeddings: (reply) => mock.script({ when: { operation: "createEmbedding" }, reply }),
    prompts: () => calls("createChatCompletion").map(({ body }) => body.messages ?? []),
    embedded: () =>
      calls("createEmbedding")
        .slice(1)
        .map(({ body }) => String(body.input)),
    kept,
    lose,
    abortSeen: aborted.promise,
    async close() {
      await outlet.close({ graceMs: 0 });
      await server.close();
      await mock.close();
    },
  };
}

function watchedStore(store: Store) {
  const keys = new Map<string, RecordKey>();
  const write: Store["write"] = (changes) => {
    for (const change of changes) {
      if ("insert" in change && change.insert.collection === "response") {
        const { collection, owner, id } = change.insert;
        keys.set(id, { collection, owner, id });
      }
      if ("delete" in change) keys.delete(change.delete.id);
    }
    return store.write(changes);
  };
  const lose = async () => {
    await write([...keys.values()].map((key) => ({ delete: key })));
  };
  return { store: { ...store, write }, kept: keys, lose };
}
