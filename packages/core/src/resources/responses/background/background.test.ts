import OpenAI from "openai";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Engine } from "../../../engine/engine.ts";
import { createMemoryStore, type OutletOptions, type Store } from "../../../index.ts";
import { testOutlet } from "../../../test-support.ts";

type Chat = NonNullable<Engine["chat"]>;

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

const said = (content: string): ReturnType<Chat> => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [
    { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
  ],
  usage: USAGE,
});

let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});

function setUp(chat: Chat, options: Partial<OutletOptions> = {}) {
  const engine: Engine = { specificationVersion: "v1", chat };
  const made = testOutlet({ models: { m: engine }, store, ...options });
  const { fetch } = made.outlet;
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "sk-any", fetch, maxRetries: 0 });
  const start = (more: object = {}) => client.responses.create({ model: "m", input: "Hi", background: true, ...more });
  /** The response when it is over. */
  const over = (id: string) =>
    vi.waitFor(async () => {
      const response = await client.responses.retrieve(id);
      expect(response.status).not.toMatch(/queued|in_progress/);
      return response;
    }, 30_000);
  return { ...made, client, start, over };
}

/** A model that waits to be let on. */
function waiting() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const chat = vi.fn<Chat>(async () => {
    await promise;
    return said("At last.");
  });
  return { chat, go: resolve };
}

describe("a response in the background", () => {
  test("is told of at once, and made meanwhile", async () => {
    const { chat, go } = waiting();
    const { start, over, client, settled } = setUp(chat);
    const queued = await start({ metadata: { a: "b" } });
    expect(queued).toMatchObject({ status: "queued", background: true, output: [], completed_at: null });
    await expect.poll(async () => (await client.responses.retrieve(queued.id)).status).toBe("in_progress");
    go();
    const response = await over(queued.id);
    expect(response).toMatchObject({ id: queued.id, status: "completed", output_text: "At last.", background: true });
    expect(response).toMatchObject({ metadata: { a: "b" }, usage: { input_tokens: 11, output_tokens: 7 } });
    const told = settled.filter(({ operationId }) => operationId === "createResponse");
    expect(told).toMatchObject([
      { outcome: "completed", usage: null },
      { outcome: "completed", usage: { input_tokens: 11, output_tokens: 7 }, model: "m", status: 200 },
    ]);
    expect(told[0]?.requestId).toBe(told[1]?.requestId);
    const { data } = await client.responses.inputItems.list(queued.id);
    expect(data).toMatchObject([{ role: "user", content: [{ text: "Hi" }] }]);
  });

  test("goes on from a conversation, and is added to it", async () => {
    const { start, over, client } = setUp(async () => said("Hello."));
    const { id } = await client.conversations.create({ items: [{ role: "user", content: "Before" }] });
    const { id: response } = await start({ conversation: id });
    expect(await over(response)).toMatchObject({ status: "completed" });
    const { data } = await client.conversations.items.list(id, { order: "asc" });
    expect(data.map((item) => item.type === "message" && item.role)).toEqual(["user", "user", "assistant"]);
  });

  test("can be followed on from when it is over, and not before", async () => {
    const { chat, go } = waiting();
    const { start, over, client } = setUp(chat);
    const { id } = await start();
    const next = { model: "m", input: "And?", previous_response_id: id };
    await expect(client.responses.create(next)).rejects.toMatchObject({ status: 400, param: "previous_response_id" });
    go();
    await over(id);
    await client.responses.create(next);
    expect(chat.mock.lastCall?.[0].messages).toMatchObject([
      { content: "Hi" },
      { content: "At last." },
      { content: "And?" },
    ]);
  });

  test("is stopped when it is cancelled, and stays so", async () => {
    const { chat, go } = waiting();
    const { start, client, settled } = setUp(chat);
    const { id } = await start();
    await expect.poll(() => chat).toHaveBeenCalled();
    expect(await client.responses.cancel(id)).toMatchObject({ id, status: "cancelled" });
    expect(chat.mock.calls[0]?.[1].signal.aborted).toBe(true);
    go();
    await expect.poll(() => settled.filter(({ outcome }) => outcome === "cancelled")).toHaveLength(1);
    expect(await client.responses.cancel(id)).toMatchObject({ status: "cancelled" });
    expect(await client.responses.retrieve(id)).toMatchObject({ status: "cancelled", output: [] });
  });

  test("stays as it is when it is over already", async () => {
    const { start, over, client } = setUp(async () => said("Done."));
    const { id } = await start();
    const response = await over(id);
    expect(await client.responses.cancel(id)).toMatchObject({ status: response.status, output: response.output });
  });

  test("is stopped when it is deleted", async () => {
    const { chat, go } = waiting();
    const { start, client } = setUp(chat);
    const { id } = await start();
    await expect.poll(() => chat).toHaveBeenCalled();
    await client.responses.delete(id);
    expect(chat.mock.calls[0]?.[1].signal.aborted).toBe(true);
    go();
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test("fails at once over what would fail again, without its cause", async () => {
    const chat = vi.fn<Chat>(() => {
      throw new Error("secret");
    });
    const { start, over } = setUp(chat);
    const { id } = await start();
    const { status, error } = await over(id);
    expect({ status, error }).toMatchObject({ status: "failed", error: { code: "server_error" } });
    expect(error?.message).not.toMatch(/secret/);
    expect(chat).toHaveBeenCalledTimes(1);
  });

  test("is tried again after what passes", async () => {
    const { ApiError } = await import("../../../index.ts");
    const chat = vi.fn<Chat>(() => {
      if (chat.mock.calls.length < 3) throw new ApiError({ status: 429, type: "rate_limit", message: "Slow down." });
      return said("Third time lucky.");
    });
    const { start, over } = setUp(chat, { jobs: { retryMs: 1 } });
    const { id } = await start();
    expect(await over(id)).toMatchObject({ status: "completed", output_text: "Third time lucky." });
  });

  test("fails when its conversation is deleted meanwhile; the model is not asked twice", async () => {
    const { chat, go } = waiting();
    const { start, over, client } = setUp(chat);
    const { id: conversation } = await client.conversations.create();
    const { id } = await start({ conversation });
    await expect.poll(() => chat).toHaveBeenCalled();
    await client.conversations.delete(conversation);
    go();
    expect(await over(id)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("not found") },
    });
    expect(chat).toHaveBeenCalledTimes(1);
  });

  test("is made by the next outlet when the first one closes", async () => {
    const { chat } = waiting();
    const first = setUp(chat, { store: { ...store, close: async () => {} } });
    const { id } = await first.start();
    await expect.poll(() => chat).toHaveBeenCalled();
    await first.outlet.close({ graceMs: 0 });
    const second = setUp(async () => said("Taken over."));
    expect(await second.over(id)).toMatchObject({ status: "completed", output_text: "Taken over." });
  });

  test("fails with a reason when every attempt was cut short", async () => {
    const { chat } = waiting();
    const { start, client } = setUp(chat, { jobs: { concurrency: 1 } });
    await start();
    const { id } = await start();
    const key = { collection: "job.response", owner: "caller:/anyone", id };
    const job = await store.get(key);
    const { version = 0, data } = job ?? {};
    await store.write([{ replace: { ...key, version, data: { ...(data as object), attempts: 3 } } }]);
    const next = setUp(chat);
    expect(await next.over(id)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("cut short") },
    });
    await client.responses.delete(id);
  });
});

test("an owner may have so many at a time, and more when some are over", async () => {
  const { chat, go } = waiting();
  const { start, over, client } = setUp(chat, { jobs: { maxPending: 2 } });
  const first = await start();
  const second = await start();
  await expect(start()).rejects.toMatchObject({
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    param: "background",
  });
  await client.responses.cancel(first.id);
  const third = await start();
  go();
  expect(await Promise.all([second, third].map(({ id }) => over(id)))).toMatchObject([
    { status: "completed" },
    { status: "completed" },
  ]);
});

test("what cannot be had in the background is refused by name", async () => {
  const { start } = setUp(async () => said("x"));
  const tool = { type: "mcp", server_label: "s", server_url: "https://mcp.example" };
  for (const [more, param] of [
    [{ store: false }, "store"],
    [{ tools: [{ ...tool, authorization: "secret" }] }, "tools[0].authorization"],
    [{ tools: [{ ...tool, headers: { "x-key": "secret" } }] }, "tools[0].headers"],
  ] as const) {
    await expect(start(more)).rejects.toMatchObject({ status: 400, param });
  }
});
