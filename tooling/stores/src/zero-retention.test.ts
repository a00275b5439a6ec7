import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOutlet, defineModel, type Engine, operations } from "@outlet/core";
import { createSqliteLedger, createSqliteStore } from "@outlet/store-sql/sqlite";
import OpenAI from "openai";
import { expect, it, onTestFinished } from "vitest";

const ADMIN = "sk-admin-of-the-host-0123456789";
const CANARY = "canary-in-the-mine-5d1f";
const user = { role: "user", content: CANARY } as const;

const THOUGHTFUL = { role: "assistant" as const, content: CANARY, refusal: null, reasoning_content: CANARY };

/** Says again what it was told, and thinks so. */
const engine: Engine = {
  specificationVersion: "v1",
  chat: ({ model }) => ({
    id: "chatcmpl-said",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, logprobs: null, finish_reason: "stop", message: THOUGHTFUL }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }),
  honours: { chat: ["tools", "tool_choice", "user", "safety_identifier"] },
};

/** An answer of a far side, which is relayed. */
const far: Engine = {
  specificationVersion: "v1",
  forward: async ({ body }) => {
    const asked = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
    const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: CANARY } }];
    const whole = { id: "chatcmpl-far", object: "chat.completion", created: 1, model: "far", choices };
    const chunk = { ...whole, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: CANARY } }] };
    if (!JSON.parse(asked).stream) return { status: 200, headers: {}, body: bytes(JSON.stringify(whole)) };
    return { status: 200, headers: {}, body: events(chunk) };
  },
};

const bytes = (text: string) => new TextEncoder().encode(text);

async function* events(chunk: object) {
  yield bytes(`data: ${JSON.stringify(chunk)}\n\n`);
  yield bytes("data: [DONE]\n\n");
}

async function serve() {
  const folder = await mkdtemp(join(tmpdir(), "outlet-zero-"));
  const file = join(folder, "outlet.db");
  const outlet = createOutlet({
    models: {
      said: engine,
      far,
      text: defineModel({ complete: () => CANARY }),
      vectors: defineModel({ embed: ({ input }) => input.map(() => [1, 2]) }),
      judge: defineModel({ moderate: ({ input }) => input.map(() => ({})) }),
    },
    platform: { adminKeys: [ADMIN] },
    store: await createSqliteStore({ file }),
    ledger: await createSqliteLedger({ file }),
    billing: { prices: { "*": { input: 1, output: 2 } } },
    logger: { error() {}, warn() {} },
  });
  onTestFinished(async () => {
    await outlet.close({ graceMs: 0 });
    await rm(folder, { recursive: true });
  });
  const client = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, adminAPIKey: ADMIN, fetch: outlet.fetch, maxRetries: 0 });
  const { projects } = client("none").admin.organization;
  const { id } = await projects.create({ name: "Search" });
  const { api_key } = await projects.serviceAccounts.create(id, { name: "indexer" });
  const key = api_key?.value ?? "";

  async function send(path: string, body: object): Promise<Response> {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return outlet.fetch(`http://outlet/v1${path}`, init);
  }

  /** How often the canary is in the database's files, whichever of them it is in by now. */
  async function found(): Promise<number> {
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual(["outlet.db", "outlet.db-shm", "outlet.db-wal"]);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")));
    return texts.join("").split(CANARY).length - 1;
  }
  return { client: client(key), retain: projects.dataRetention, id, send, found };
}

const metadata = { said: CANARY };
const input = [user];
const tools = [{ type: "function", name: "f", description: CANARY, parameters: { type: "object", properties: {} } }];
const asked = { model: "said", input, instructions: CANARY, metadata, tools, safety_identifier: CANARY };
const chat = { model: "said", messages: [user], store: true, metadata, user: CANARY };

/** Every kind of request that has content, by operation. Those that must store are refused. */
const REQUESTS: Readonly<Record<string, readonly (readonly [path: string, body: object])[]>> = {
  createResponse: [
    ["/responses", asked],
    ["/responses", { ...asked, store: true, stream: true }],
    ["/responses", { ...asked, background: true }],
    ["/responses", { ...asked, background: true, stream: true }],
    ["/responses", { ...asked, include: ["reasoning.encrypted_content"] }],
    ["/responses", { ...asked, context_management: [{ type: "compaction", compact_threshold: 1_000 }] }],
  ],
  Getinputtokencounts: [["/responses/input_tokens", { model: "said", input }]],
  Compactconversation: [["/responses/compact", { model: "said", input }]],
  createConversation: [["/conversations", { items: input, metadata }]],
  updateConversation: [["/conversations/{conversation}", { metadata }]],
  createConversationItems: [["/conversations/{conversation}/items", { items: input }]],
  createChatCompletion: [
    ["/chat/completions", chat],
    ["/chat/completions", { ...chat, stream: true }],
    ["/chat/completions", { ...chat, model: "far" }],
    ["/chat/completions", { ...chat, model: "far", stream: true }],
  ],
  updateChatCompletion: [["/chat/completions/{completion}", { metadata }]],
  createEmbedding: [["/embeddings", { model: "vectors", input: CANARY }]],
  createModeration: [["/moderations", { model: "judge", input: CANARY }]],
  createCompletion: [["/completions", { model: "text", prompt: CANARY, user: CANARY }]],
};

it("writes nothing of what is said to the disk with zero data retention, whatever is asked", async () => {
  expect(Object.keys(REQUESTS).toSorted()).toEqual(
    operations
      .filter(({ auth, body }) => auth === "key" && body)
      .map(({ id }) => id)
      .toSorted(),
  );
  const { client, retain, id, send, found } = await serve();
  const { id: conversation } = await client.conversations.create({});
  const hi = { role: "user", content: "hi" } as const;
  const { id: completion } = await client.chat.completions.create({ model: "far", messages: [hi], store: true });
  await client.chat.completions.delete(completion);
  await retain.update(id, { retention_type: "zero_data_retention" });
  // The answer that was stored, and deleted, said it.
  const before = await found();
  const statuses: number[] = [];
  for (const [path, body] of Object.values(REQUESTS).flat()) {
    const reply = await send(path.replace("{conversation}", conversation).replace("{completion}", completion), body);
    await reply.text();
    statuses.push(reply.status);
    expect([path, await found()]).toEqual([path, before]);
  }
  expect(statuses).toEqual([
    200, 200, 400, 400, 200, 200, 200, 200, 400, 400, 400, 200, 200, 200, 200, 400, 200, 200, 200,
  ]);

  await retain.update(id, { retention_type: "none" });
  await send("/responses", asked);
  expect(await found(), "what is stored is not found at all").toBeGreaterThan(before);
});

it("goes on from thoughts that the client keeps, sealed", async () => {
  const { client, retain, id, found } = await serve();
  await retain.update(id, { retention_type: "zero_data_retention" });
  const include = ["reasoning.encrypted_content" as const];
  const first = await client.responses.create({ model: "said", input: CANARY, include });
  const [thought] = first.output;
  expect(thought).toMatchObject({ type: "reasoning", encrypted_content: expect.any(String) });
  const next = [...first.output, { role: "user" as const, content: "And?" }] as OpenAI.Responses.ResponseInput;
  expect((await client.responses.create({ model: "said", input: next, include })).output_text).toBe(CANARY);
  expect(await found()).toBe(0);
});
