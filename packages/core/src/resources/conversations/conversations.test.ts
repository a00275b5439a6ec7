import OpenAI from "openai";
import { expect, it } from "vitest";
import { createMemoryStore, defineModel, type Store } from "../../index.ts";
import { testOutlet } from "../../test-support.ts";

function conversations(store: Store = createMemoryStore()) {
  const { outlet } = testOutlet({
    models: { m: defineModel(() => "hi") },
    keys: { "sk-one": { id: "one" }, "sk-two": { id: "two" } },
    store,
  });
  const as = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, fetch: outlet.fetch, maxRetries: 0 }).conversations;
  return { one: as("sk-one"), two: as("sk-two") };
}

const user = (content: string) => ({ role: "user", content }) as const;

it("adds all items or none", async () => {
  const { one } = conversations();
  const { id } = await one.create({ items: [{ ...user("first"), type: "message" }] });
  const { data } = await one.items.list(id);
  const known = data[0] as { id: string };
  const twice = one.items.create(id, {
    items: [user("second"), { ...known, ...user("third"), type: "message" } as never],
  });
  await expect(twice).rejects.toMatchObject({ status: 400, param: "items[1].id" });
  expect((await one.items.list(id)).data).toEqual(data);
});

it("leaves nothing of a conversation whose store fails half-way", async () => {
  const memory = createMemoryStore();
  const { one } = conversations({ ...memory, write: async () => Promise.reject(new Error("disk full")) });
  await expect(one.create({ items: [user("x")] })).rejects.toMatchObject({ status: 503 });
});

it("completes items: ids, parts, and the fields that readers count on", async () => {
  const { one } = conversations();
  const { id } = await one.create();
  const { data } = await one.items.create(id, {
    items: [
      { role: "assistant", content: "said" },
      { role: "user", content: [{ type: "input_image", image_url: "https://a.test/b.png", detail: "auto" }] },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}", namespace: null } as never,
      { type: "function_call_output", call_id: "c1", output: "42" },
      { type: "shell_call", call_id: "c2", action: { commands: ["ls"] } },
      { type: "tool_search_call", arguments: { query: "x" } },
    ],
    include: ["message.input_image.image_url"],
  });
  expect(data).toEqual([
    {
      id: expect.stringMatching(/^msg_/),
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "said", annotations: [], logprobs: [] }],
    },
    {
      id: expect.stringMatching(/^msg_/),
      type: "message",
      role: "user",
      status: "completed",
      content: [{ type: "input_image", image_url: "https://a.test/b.png", detail: "auto" }],
    },
    {
      id: expect.stringMatching(/^fc_/),
      type: "function_call",
      status: "completed",
      call_id: "c1",
      name: "f",
      arguments: "{}",
    },
    {
      id: expect.stringMatching(/^fco_/),
      type: "function_call_output",
      status: "completed",
      call_id: "c1",
      output: "42",
    },
    {
      id: expect.stringMatching(/^sh_/),
      type: "shell_call",
      status: "completed",
      call_id: "c2",
      environment: null,
      action: { commands: ["ls"], max_output_length: null, timeout_ms: null },
    },
    {
      id: expect.stringMatching(/^tsc_/),
      type: "tool_search_call",
      status: "completed",
      call_id: null,
      execution: "server",
      arguments: { query: "x" },
    },
  ]);
});

it("shows large and sensitive fields only on request", async () => {
  const { one } = conversations();
  const thought = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "cipher" } as const;
  const code = {
    type: "code_interpreter_call",
    id: "ci_1",
    code: "1",
    container_id: "c",
    status: "completed",
    outputs: [{ type: "logs", logs: "1" }],
  } as const;
  const search = {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "q", sources: [{ type: "url", url: "https://a.test" }] },
  } as const;
  const files = {
    type: "file_search_call",
    id: "fs_1",
    status: "completed",
    queries: ["q"],
    results: [{ text: "t" }],
  } as const;
  const screen = {
    type: "computer_call_output",
    id: "cuo_1",
    call_id: "c1",
    status: "completed",
    output: { type: "computer_screenshot", image_url: "https://a.test/s.png" },
  } as const;
  const items = [thought, code, search, files, screen];
  const { id } = await one.create({ items: items as never });
  const plain = await one.items.list(id, { order: "asc" });
  expect(JSON.stringify(plain.data)).not.toMatch(/cipher|logs|sources|results|s\.png/);
  expect(plain.data[1]).toMatchObject({ outputs: null });
  const whole = await one.items.list(id, {
    order: "asc",
    include: [
      "reasoning.encrypted_content",
      "code_interpreter_call.outputs",
      "web_search_call.action.sources",
      "file_search_call.results",
      "computer_call_output.output.image_url",
    ],
  });
  expect(whole.data).toEqual(items);
});

it("keeps a conversation from everybody but its owner", async () => {
  const { one, two } = conversations();
  const { id } = await one.create({ items: [user("mine")] });
  const item = (await one.items.list(id)).data[0] as { id: string };
  const missing = { status: 404, message: expect.stringContaining(`Conversation with id '${id}' not found.`) };
  for (const attempt of [
    () => two.retrieve(id),
    () => two.update(id, { metadata: {} }),
    () => two.delete(id),
    () => two.items.list(id),
    () => two.items.create(id, { items: [user("x")] }),
    () => two.items.retrieve(item.id, { conversation_id: id }),
    () => two.items.delete(item.id, { conversation_id: id }),
  ]) {
    await expect(attempt()).rejects.toMatchObject(missing);
  }
  expect((await one.items.list(id)).data).toHaveLength(1);
});
