import { expect, test } from "vitest";
import { ApiError } from "../errors/api-error.ts";
import { testOutlet } from "../test-support.ts";
import type { Engine } from "./engine.ts";

function engineOf(chat: () => unknown): Engine {
  return { specificationVersion: "v1", chat: chat as NonNullable<Engine["chat"]> };
}

const chunk = (delta: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

test.each([
  ["content", { content: 5 }],
  ["delta", "text"],
  ["tool_calls", { tool_calls: "none" }],
  // Assembled into a list, the first would be gigantic and the second lost.
  ["tool_calls[].index", { tool_calls: [{ index: 4_000_000_000, function: { name: "f" } }] }],
  ["tool_calls[].index", { tool_calls: [{ function: { name: "f" } }] }],
  ["tool_calls[].function.arguments", { tool_calls: [{ index: 0, function: { name: "f", arguments: {} } }] }],
])("an engine's wrong %s is a 502, not an answer that looks whole", async (name, delta) => {
  const { post } = testOutlet({
    models: {
      m: engineOf(async function* () {
        yield chunk(delta);
        yield chunk({}, "stop");
      }),
    },
  });
  const response = await post("/chat/completions", { model: "m", messages: [{ role: "user", content: "x" }] });
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({
    error: { code: "engine_error", message: expect.stringContaining(`'${name}'`) },
  });
});

test("counts that are none are not billed: core counts itself", async () => {
  const usage = { prompt_tokens: "5", completion_tokens: Number.NaN, total_tokens: -1 };
  const { post, settled } = testOutlet({
    models: {
      m: engineOf(() => ({
        choices: [{ index: 0, message: { role: "assistant", content: "four letters" }, finish_reason: "stop" }],
        usage,
      })),
    },
  });
  const response = await post("/chat/completions", { model: "m", messages: [{ role: "user", content: "x" }] });
  const { usage: told } = (await response.json()) as { usage: Record<string, unknown> };
  expect(told).toMatchObject({ prompt_tokens: 8, completion_tokens: 3, total_tokens: 11 });
  expect(settled[0]?.usage).toMatchObject({ output_tokens: 3, estimated: true });
});

test("an engine that throws nothing, or an error with a status that is none, has failed", async () => {
  for (const thrown of [
    undefined,
    new ApiError({ status: 42, type: "x", message: "x" }),
    new ApiError({ status: 200, type: "x", message: "x" }),
  ]) {
    const { post, settled, logged } = testOutlet({
      models: {
        m: engineOf(() => {
          throw thrown;
        }),
      },
    });
    const response = await post("/chat/completions", { model: "m", messages: [{ role: "user", content: "x" }] });
    expect(response.status).toBe(500);
    expect(settled[0]).toMatchObject({ outcome: "failed", status: 500 });
    expect(logged).toHaveLength(1);
  }
});

test("a logger that fails takes no reply with it", async () => {
  const logger = {
    error: () => {
      throw new Error("disk full");
    },
    warn: () => {},
  };
  const { post } = testOutlet({
    logger,
    models: {
      m: engineOf(() => {
        throw new Error("x");
      }),
    },
  });
  const response = await post("/chat/completions", { model: "m", messages: [{ role: "user", content: "x" }] });
  expect(response.status).toBe(500);
});

/** A stream's data lines, and the texts that they say. */
async function streamed(response: Response): Promise<{ events: string[]; said: string[] }> {
  const events = (await response.text())
    .split("\n\n")
    .flatMap((event) => (event ? [event.slice("data: ".length)] : []));
  const said = events.flatMap((event) => {
    if (event === "[DONE]") return [];
    return (JSON.parse(event) as { choices?: { delta: { content?: string } }[] }).choices?.[0]?.delta.content || [];
  });
  return { events, said };
}

const ask = { model: "m", messages: [{ role: "user", content: "x" }] };

test("chunks that come as a list are an event each, and one whole answer", async () => {
  const words = Array.from({ length: 150 }, (_, i) => ` ${i}`);
  const { post } = testOutlet({
    models: { m: engineOf(() => [...words.map((content) => chunk({ content })), chunk({}, "stop")]) },
  });
  const { events, said } = await streamed(await post("/chat/completions", { ...ask, stream: true }));
  expect(said).toEqual(words);
  expect(events.at(-1)).toBe("[DONE]");
  const whole = await (await post("/chat/completions", ask)).json();
  expect(whole).toMatchObject({ choices: [{ message: { content: words.join("") }, finish_reason: "stop" }] });
});

test("what a list of chunks says before it goes wrong is sent, and then the error", async () => {
  const { post, settled } = testOutlet({
    models: { m: engineOf(() => [chunk({ content: "so" }), chunk({ content: " far" }), chunk({ content: 5 })]) },
  });
  const { events, said } = await streamed(await post("/chat/completions", { ...ask, stream: true }));
  expect(said).toEqual(["so", " far"]);
  expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ error: { code: "engine_error" } });
  expect(settled[0]).toMatchObject({ outcome: "failed", status: 200 });
});

test("a list of chunks that does not say why it ended is no answer; one that is cut need not", async () => {
  const { post } = testOutlet({
    models: {
      m: { ...engineOf(() => ["a", "b", "c"].map((content) => chunk({ content }))), honours: { chat: [] } },
    },
  });
  expect((await post("/chat/completions", ask)).status).toBe(502);
  const cut = await (await post("/chat/completions", { ...ask, stop: "c" })).json();
  expect(cut).toMatchObject({ choices: [{ message: { content: "ab" }, finish_reason: "stop" }] });
});
