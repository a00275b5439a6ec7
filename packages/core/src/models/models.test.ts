import { afterEach, expect, it, vi } from "vitest";
import { createOutlet, defineModel, type ModelMap, type OutletOptions, type SettledCall } from "../index.ts";

afterEach(() => void vi.useRealTimers());

const words = { count: (text: string) => text.split(" ").length, truncate: (text: string) => text };
const engine = defineModel(({ request }) => request.model);
const quiet = { error() {}, warn() {} };

function api(models: ModelMap, more: Partial<OutletOptions> = {}) {
  const settled: SettledCall[] = [];
  const keys = { "sk-a": { id: "a", project: "proj_a" }, "sk-b": { id: "b" } };
  const outlet = createOutlet({ models, keys, logger: quiet, onSettle: (call) => settled.push(call), ...more });
  const send = async (path: string, body?: object, { key = "sk-b", method = body ? "POST" : "GET" } = {}) => {
    const response = await outlet.fetch(`http://outlet/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  };
  const chat = (model: string, more: object = {}, key = "sk-b") =>
    send("/chat/completions", { model, messages: [{ role: "user", content: "hi there" }], ...more }, { key });
  return { send, chat, settled };
}

it("resolves an alias to its snapshot by date and project, and says so", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-02-01"), toFake: ["Date"] });
  const { chat, settled } = api({
    stable: {
      alias: [{ model: "snap-1" }, { model: "snap-2", from: "2026-03-01" }],
      pins: { proj_a: "snap-0" },
    },
    "snap-0": engine,
    "snap-1": engine,
    "snap-2": { engine, model: "engine-2" },
  });
  const answered = async (key: string) => {
    const { body, headers } = await chat("stable", {}, key);
    return [body.model, body.choices[0].message.content, headers.get("openai-model")];
  };
  expect(await answered("sk-b")).toEqual(["snap-1", "snap-1", "snap-1"]);
  expect(await answered("sk-a")).toEqual(["snap-0", "snap-0", "snap-0"]);
  vi.setSystemTime(Date.parse("2026-03-01"));
  expect(await answered("sk-b")).toEqual(["engine-2", "engine-2", "snap-2"]);
  expect(settled.at(-1)).toMatchObject({ model: "stable", snapshot: "snap-2", deprecation: null });
});

it("warns before a model ends, and names its successor after", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01"), toFake: ["Date"] });
  const deprecation = { announced: "2026-02-01", shutdown: "2026-06-01", successor: "new" };
  const { chat, send, settled } = api({ old: { engine, deprecation }, new: engine, stable: { alias: "old" } });
  const lifecycle = async () => {
    const { status, headers } = await chat("stable");
    return [status, headers.get("deprecation"), headers.get("sunset")];
  };
  expect(await lifecycle()).toEqual([200, null, null]);
  vi.setSystemTime(Date.parse("2026-02-01"));
  expect(await lifecycle()).toEqual([200, "@1769904000", "Mon, 01 Jun 2026 00:00:00 GMT"]);
  expect(settled.at(-1)?.deprecation).toEqual({ shutdown: "2026-06-01", successor: "new" });
  vi.setSystemTime(Date.parse("2026-06-01"));
  const message = "The model `stable` was shut down on 2026-06-01. Use `new` instead.";
  expect(await chat("stable")).toMatchObject({ status: 404, body: { error: { code: "model_not_found", message } } });
  expect((await send("/models/old")).status).toBe(404);
  expect((await send("/models")).body.data.map(({ id }: { id: string }) => id)).toEqual(["new"]);
});

it("refuses what does not fit before the engine is asked, and counts only where it could matter", async () => {
  const count = vi.fn(words.count);
  const ask = vi.fn(() => "fine");
  const small = { engine: defineModel(ask), context_window: 17, max_output_tokens: 10, tokenizer: { ...words, count } };
  const guess = { engine: defineModel(ask), context_window: 20 };
  const { chat } = api({ small, guess, large: { ...small, context_window: 4000 } });
  const long = { messages: [{ role: "user", content: "a ".repeat(40) }] };
  expect(await chat("small", long)).toMatchObject({
    status: 400,
    body: {
      error: {
        code: "context_length_exceeded",
        param: "messages",
        message: expect.stringMatching(/maximum context length is 17 tokens.*resulted in 48 tokens/),
      },
    },
  });
  expect(await chat("small", { max_tokens: 11 })).toMatchObject({
    status: 400,
    body: { error: { param: "max_tokens" } },
  });
  expect((await chat("small", { max_completion_tokens: 10 })).body.error.message).toMatch(
    /\(\d+ in the messages, 10 in the completion\)/,
  );
  expect(ask).not.toHaveBeenCalled();
  count.mockClear();
  expect((await chat("large", long)).status).toBe(200);
  expect(count.mock.calls.flat()).not.toContain(long.messages[0]?.content);
  expect((await chat("guess", long)).status).toBe(200);
});

it("deletes fine-tuned models for those who may, at the engine too", async () => {
  const deleteModel = vi.fn(async () => {});
  const forward = vi.fn(async () => ({ status: 200, headers: {}, body: new Uint8Array() }));
  const deletable = ({ id }: { id: string }) => id === "a";
  const { send } = api({
    "ft:base:me::1": { engine: { ...engine, deleteModel }, deletable, model: "engine-1" },
    base: { engine, deletable },
    "*": { engine: { specificationVersion: "v1", forward }, deletable },
  });
  const remove = (id: string, key = "sk-a") => send(`/models/${id}`, undefined, { key, method: "DELETE" });
  expect((await remove("ft:base:me::1", "sk-b")).status).toBe(403);
  expect((await remove("base")).status).toBe(403);
  expect(await remove("ft:base:me::1")).toMatchObject({
    status: 200,
    body: { id: "ft:base:me::1", object: "model", deleted: true },
  });
  expect(deleteModel).toHaveBeenCalledWith("engine-1", expect.anything());
  expect((await remove("ft%3Abase%3Ame%2F..%2Fx")).status).toBe(200);
  expect(forward).toHaveBeenCalledWith(
    expect.objectContaining({ method: "DELETE", path: "/models/ft%3Abase%3Ame%2F..%2Fx" }),
    expect.anything(),
  );
});

it.each<[string, ModelMap, RegExp]>([
  ["an alias that leads nowhere", { a: { alias: "b" } }, /"a".*b, which is no model/],
  ["an alias of an alias", { a: { alias: "b" }, b: { alias: "c" }, c: engine }, /alias itself/],
  ["moves out of order", { a: { alias: [{ model: "c" }, { model: "c" }] }, c: engine }, /from is missing/],
  ["a date that is none", { c: { engine, deprecation: { announced: "soon", shutdown: "2026-01-01" } } }, /announced/],
  [
    "an end before its announcement",
    { c: { engine, deprecation: { announced: "2027-01-01", shutdown: "2026-01-01" } } },
    /before/,
  ],
  ["a window that is none", { c: { engine, context_window: 0 } }, /context_window/],
])("refuses %s when it is made", (_what, models, message) => {
  expect(() => createOutlet({ models, access: "open" })).toThrow(message);
});
