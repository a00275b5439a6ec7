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
