import { describe, expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { OutletOptions } from "../options.ts";
import { ask, chunksOf, forwardEngine, testOutlet } from "../test-support.ts";
import { createMemoryLimiter } from "./memory-limiter.ts";
import type { ModelLimits } from "./rate-limits.options.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const counted = (prompt_tokens: number, completion_tokens: number, choice?: object) => {
  const choices = choice ? [{ index: 0, ...choice }] : [];
  const body = bytes({ id: "c", choices, usage: { prompt_tokens, completion_tokens } });
  return forwardEngine({ status: 200, headers: {}, body });
};

function limited(limits: ModelLimits, options: Partial<OutletOptions> = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const limiter = createMemoryLimiter({ now: () => clock.ms });
  const made = testOutlet({
    models: { m: defineModel(() => "x") },
    limits: { models: { "*": limits }, limiter, assumedOutputTokens: 0 },
    ...options,
  });
  const chat = (more: object = {}, key = "a") =>
    made.post("/chat/completions", ask("x".repeat(16), more), {
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    });
  return { ...made, clock, chat };
}

function standing({ headers }: Response): Record<string, string> {
  const entries = [...headers].filter(([name]) => name.startsWith("x-ratelimit-"));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice("x-ratelimit-".length), value]));
}

describe("requests", () => {
  test("are counted in headers, and one too many is a 429 that says when to come back", async () => {
    const { chat, clock } = limited({ requestsPerMinute: 2 });
    expect(standing(await chat())).toEqual({
      "limit-requests": "2",
      "remaining-requests": "1",
      "reset-requests": "30s",
    });
    await chat();
    clock.ms += 10_500;
    const refused = await chat();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({
      error: {
        message:
          "Rate limit reached for m on requests per min (RPM): Limit 2, Used 2, Requested 1. Please try again in 19.5s.",
        type: "requests",
        param: null,
        code: "rate_limit_exceeded",
      },
    });
    expect(refused.headers.get("retry-after")).toBe("20");
    expect(refused.headers.get("retry-after-ms")).toBe("19500");
    expect(standing(refused)).toEqual({
      "limit-requests": "2",
      "remaining-requests": "0",
      "reset-requests": "49.5s",
    });
    clock.ms += 19_499;
    expect((await chat()).status).toBe(429);
    clock.ms += 1;
    expect((await chat()).status).toBe(200);
  });

  test("a day are held beside those a minute, and headers tell of what has less left", async () => {
    const { chat, clock } = limited({ requestsPerMinute: 2, requestsPerDay: 3 });
    expect(standing(await chat())["limit-requests"]).toBe("2");
    await chat();
    clock.ms += 60_000;
    const third = await chat();
    expect(third.status).toBe(200);
    expect(standing(third)).toMatchObject({ "limit-requests": "3", "remaining-requests": "0" });
    const refused = await chat();
    expect(await refused.json()).toMatchObject({
      error: { message: expect.stringContaining("requests per day (RPD)") },
    });
    // Of a third of a day, a minute has passed.
    expect(refused.headers.get("retry-after")).toBe(String(8 * 3_600 - 60));
    expect(standing(refused)["reset-requests"]).toBe("23h59m0s");
  });

  test("that are refused for what they ask draw nothing; those that an engine fails are counted", async () => {
    const failing = defineModel(() => {
      throw new Error("no");
    });
    const { chat } = limited({ requestsPerMinute: 10, tokensPerMinute: 100 }, { models: { m: failing } });
    expect(standing(await chat({ temperature: 9 }))).toEqual({});
    const failed = await chat();
    expect(failed.status).toBe(500);
    expect(standing(failed)).toMatchObject({ "remaining-requests": "9" });
    expect(standing(await chat())).toMatchObject({ "remaining-requests": "8", "remaining-tokens": "93" });
  });
});

describe("tokens", () => {
  test("are taken as an estimate, and what the engine counts beyond it is taken afterwards", async () => {
    const { chat } = limited({ tokensPerMinute: 100 }, { models: { m: counted(40, 20) } });
    expect(standing(await chat())).toMatchObject({ "limit-tokens": "100", "remaining-tokens": "93" });
    expect(standing(await chat())).toMatchObject({ "remaining-tokens": "33" });
    const refused = await chat();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      error: { type: "tokens", message: expect.stringContaining("(TPM): Limit 100, Used 100, Requested 7.") },
    });
  });

  test("that were taken and not consumed are given back", async () => {
    const { chat } = limited({ tokensPerMinute: 100 }, { models: { m: counted(1, 1) } });
    expect(standing(await chat({ max_tokens: 90 }))).toMatchObject({ "remaining-tokens": "3" });
    expect(standing(await chat({ max_tokens: 90 }))).toMatchObject({ "remaining-tokens": "1" });
  });

  test("of a stream are settled when it has ended", async () => {
    const event = (data: object) => `data: ${JSON.stringify({ id: "c", ...data })}\n\n`;
    const usage = { prompt_tokens: 10, completion_tokens: 5 };
    const stream = () => ({
      status: 200,
      headers: {},
      body: chunksOf(event({ choices: [] }), event({ choices: [], usage }), "data: [DONE]\n\n"),
    });
    const { chat } = limited({ tokensPerMinute: 100 }, { models: { m: forwardEngine(stream) } });
    const first = await chat({ stream: true });
    expect(standing(first)).toMatchObject({ "remaining-tokens": "93" });
    await first.text();
    expect(standing(await chat({ stream: true }))).toMatchObject({ "remaining-tokens": "78" });
  });

  test("that can never fit are a 429 that official clients do not repeat", async () => {
    const { chat } = limited({ requestsPerMinute: 5, tokensPerMinute: 100 });
    const refused = await chat({ max_tokens: 100 });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      error: {
        type: "tokens",
        code: "rate_limit_exceeded",
        message:
          "Request too large for m on tokens per min (TPM): Limit 100, Requested 107. The input or output tokens must be reduced in order to run successfully.",
      },
    });
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(refused.headers.get("retry-after")).toBeNull();
    // Nothing was taken of the requests.
    expect(standing(await chat())).toMatchObject({ "remaining-requests": "4" });
  });

  test("of responses in the background are taken when they are ordered and settled when they are made", async () => {
    const engine = counted(30, 10, { message: { role: "assistant", content: "y" }, finish_reason: "stop" });
    const { post, settled } = limited({ tokensPerMinute: 100 }, { models: { m: engine } });
    const order = () => post("/responses", { model: "m", input: "x".repeat(40), background: true });
    expect(standing(await order())["remaining-tokens"]).toBe("90");
    await expect.poll(() => settled.map(({ usage }) => usage?.input_tokens)).toEqual([undefined, 30]);
    expect(standing(await order())["remaining-tokens"]).toBe("50");
  });
});

describe("limits are kept", () => {
  const keys = {
    a: { id: "a", organization: "o", project: "p" },
    b: { id: "b", organization: "o", project: "p" },
    c: { id: "c", organization: "o", project: "q" },
    d: { id: "d" },
  };

  test("for each project, whatever its keys", async () => {
    const { chat } = limited({ requestsPerMinute: 1 }, { keys });
    expect((await chat({}, "a")).status).toBe(200);
    expect(await (await chat({}, "b")).json()).toMatchObject({
      error: { message: expect.stringContaining("m in organization o on requests") },
    });
    expect((await chat({}, "c")).status).toBe(200);
    expect((await chat({}, "d")).status).toBe(200);
  });

  test("for each model, and an alias has those of what it stands for", async () => {
    const engine = defineModel(() => "x");
    const { chat } = limited({ requestsPerMinute: 1 }, { models: { m: { alias: "m-1" }, "m-1": engine, n: engine } });
    expect((await chat({ model: "m" })).status).toBe(200);
    expect((await chat({ model: "m-1" })).status).toBe(429);
    expect((await chat({ model: "n" })).status).toBe(200);
  });

  test("once for all ids that nobody has listed", async () => {
    const { chat } = limited({ requestsPerMinute: 1 }, { models: { "*": defineModel(() => "x") } });
    expect((await chat({ model: "anything" })).status).toBe(200);
    expect((await chat({ model: "anything-else" })).status).toBe(429);
  });
});

test("the longest pattern holds, and an id before any", async () => {
  const engine = defineModel(() => "x");
  const models = {
    "*": { requestsPerMinute: 1 },
    "gpt-*": { requestsPerMinute: 2 },
    "gpt-4*": { requestsPerMinute: 3 },
    "gpt-4o": { requestsPerMinute: 4 },
  };
  const { chat } = limited({}, { models: { "*": engine }, limits: { models } });
  const limit = async (model: string) => standing(await chat({ model }))["limit-requests"];
  expect(await limit("other")).toBe("1");
  expect(await limit("gpt-3.5")).toBe("2");
  expect(await limit("gpt-4.1")).toBe("3");
  expect(await limit("gpt-4o")).toBe("4");
});

test("without limits nothing is told of any", async () => {
  const { post } = testOutlet({ models: { m: defineModel(() => "x") } });
  expect(standing(await post("/chat/completions", ask("x")))).toEqual({});
});

test.each([
  [{ "a*b": {} }, /a \* can only be at the end/],
  [{ m: { requestsPerMinute: 1.5 } }, /must be a whole number/],
  [{ m: { requestsPerMinute: -1 } }, /must be a whole number/],
  [{ m: { requestsPerHour: 1 } as ModelLimits }, /is no limit/],
  [{ n: {} }, /is no model/],
  [{ alias: {} }, /is an alias/],
])("%j is refused when the outlet is made", (models, message) => {
  const engine = defineModel(() => "x");
  expect(() => testOutlet({ models: { m: engine, alias: { alias: "m" } }, limits: { models } })).toThrow(message);
});
