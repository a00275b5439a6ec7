import { expect, it } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { Engine } from "../engine/engine.ts";
import type { OutletOptions } from "../options.ts";
import type { ResponseEvent } from "../resources/responses/responses.events.ts";
import type { ResponseObject } from "../resources/responses/responses.types.ts";
import { ask, chunksOf, contentOf, dataOf, forwardEngine, testOutlet } from "../test-support.ts";
import type { FlaggedCall, PolicyOptions } from "./policy.options.ts";

const OMNI = "omni-moderation-latest";

/** Says these pieces, whatever it is and however it is asked; all is violent that has "b@d" in it, what has "breaks" in it cannot be judged. */
function answering(pieces: readonly string[], policy: PolicyOptions, options: Partial<OutletOptions> = {}) {
  const flagged: FlaggedCall[] = [];
  const judged: string[] = [];
  const asked: string[] = [];
  async function* say(): AsyncGenerator<string> {
    yield* pieces;
  }
  const models: Record<string, Engine> = {
    m: defineModel({ chat: say, complete: say }),
    up: upstream(pieces, asked),
    own: responding(pieces),
    [OMNI]: defineModel({
      moderate({ input }) {
        const texts = input.map((parts) => parts.map((part) => (part.type === "text" ? part.text : "")).join(" "));
        judged.push(...texts);
        if (texts.some((text) => text.includes("breaks"))) throw new Error("x");
        return texts.map((text) => ({ violence: text.includes("b@d") ? 1 : 0 }));
      },
    }),
  };
  const onFlagged = (call: FlaggedCall) => void flagged.push(call);
  const made = testOutlet({ models, policy: { onFlagged, ...policy }, ...options });
  return { ...made, flagged, judged };
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };

/** A far side that speaks the protocol. */
function upstream(pieces: readonly string[], asked: string[]): Engine {
  return forwardEngine(() => {
    const { stream, prompt } = JSON.parse(asked.at(-1) ?? "");
    const choice = (text: string, finish_reason: string | null) => {
      const at = { index: 0, finish_reason, logprobs: null };
      if (prompt !== undefined) return { ...at, text };
      return stream ? { ...at, delta: { content: text } } : { ...at, message: { role: "assistant", content: text } };
    };
    const reply = (text: string, finish: string | null) => ({ id: "x", model: "far", choices: [choice(text, finish)] });
    if (!stream) return { status: 200, headers: {}, body: json({ ...reply(pieces.join(""), "stop"), usage }) };
    const chunks = [...pieces.map((text) => reply(text, null)), reply("", "stop"), { id: "x", choices: [], usage }];
    const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    return {
      status: 200,
      headers: {},
      body: chunksOf(...events, "data: [DONE]\n\n"),
    };
  }, asked);
}

/** An engine that has Responses of its own. */
function responding(pieces: readonly string[]): Engine {
  const part = { type: "output_text" as const, text: "", annotations: [], logprobs: [] };
  const message = { id: "msg_far", type: "message" as const, role: "assistant" as const, status: "completed" as const };
  const whole = { ...message, content: [{ ...part, text: pieces.join("") }] };
  const details = { input_tokens_details: {}, output_tokens_details: {} };
  const used = { input_tokens: 5, output_tokens: 7, total_tokens: 12, ...details };
  const response = { id: "resp_far", object: "response", status: "completed", output: [whole], usage: used };
  const place = { item_id: "msg_far", output_index: 0, content_index: 0 };
  return {
    specificationVersion: "v1",
    respond({ stream }) {
      if (!stream) return response as unknown as ResponseObject;
      return [
        { type: "response.created", response: { ...response, output: [] } },
        { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } },
        { type: "response.content_part.added", ...place, part },
        ...pieces.map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
        { type: "response.output_text.done", ...place, text: pieces.join(""), logprobs: [] },
        { type: "response.output_item.done", output_index: 0, item: whole },
        { type: "response.completed", response },
      ] as unknown as ResponseEvent[];
    },
  };
}

const BAD = ["One ", "b@d ", "thing."];
const CALLS: readonly (readonly [name: string, path: string, body: object])[] = [
  ["a chat", "/chat/completions", ask("x")],
  ["an upstream's chat", "/chat/completions", ask("x", { model: "up" })],
  ["a completion", "/completions", { model: "m", prompt: "x" }],
  ["an upstream's completion", "/completions", { model: "up", prompt: "x" }],
  ["a response", "/responses", { model: "m", input: "x" }],
  ["an engine's own response", "/responses", { model: "own", input: "x" }],
];

it.each(CALLS)("withholds %s that is flagged, and meters it with its judge", async (_, path, body) => {
  const { post, flagged, settled } = answering(BAD, { output: "block" });
  const response = await post(path, { ...body, user: "u-1" });
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).not.toMatch(/One |b@d|thing\./);
  const answer = JSON.parse(text);
  if (path === "/responses") expect(answer).toMatchObject(WITHHELD);
  else expect(answer.choices).toMatchObject([{ finish_reason: "content_filter" }]);
  expect(flagged).toMatchObject([
    { side: "output", action: "block", categories: ["violence"], safetyIdentifier: "u-1" },
  ]);
  expect(settled[0]).toMatchObject({ outcome: "completed", flagged: [{ side: "output", action: "block" }] });
  expect(settled[0]?.usage?.output_tokens).toBeGreaterThan(0);
  if ("model" in body && body.model !== "m") expect(settled[0]?.usage?.input_tokens).toBeGreaterThan(5);
});

const WITHHELD = { status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] };

it.each(CALLS)("ends the stream of %s at the window that is flagged", async (_, path, body) => {
  const { post, flagged, settled } = answering(["One. ", "Two. ", "b@d ", "thing."], { output: "block", window: 5 });
  const text = await (await post(path, { ...body, stream: true })).text();
  expect(text).toContain("One. ");
  expect(text).not.toMatch(/b@d|thing\./);
  if (path === "/responses") {
    const events = responseEvents(text);
    expect(events.map(({ type }) => type).slice(-2)).toEqual(["response.output_item.done", "response.incomplete"]);
    const { response } = events.at(-1) as { response: ResponseObject };
    expect(response).toMatchObject({
      ...WITHHELD,
      output: [{ type: "message", status: "incomplete", content: [{ type: "output_text", text: "One. Two. " }] }],
    });
    expect(events.at(-2)).toMatchObject({ item: { id: response.output[0]?.id } });
  } else {
    const data = dataOf(text);
    expect(data.at(-1)).toBe("[DONE]");
    const reasons = data.slice(0, -1).map((chunk) => JSON.parse(chunk).choices[0]?.finish_reason);
    expect(reasons.filter(Boolean)).toEqual(["content_filter"]);
  }
  expect(flagged).toHaveLength(1);
  expect(settled[0]?.usage?.output_tokens).toBeGreaterThan(0);
});

function responseEvents(text: string): ResponseEvent[] {
  return text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => JSON.parse(event.replace(/^event: .*\ndata: /, "")));
}

it.each(CALLS)("hands on all of %s that passes, whole and streamed", async (_, path, body) => {
  const { post, flagged, judged } = answering(["One ", "good ", "thing."], { output: "block", window: 4 });
  expect(await (await post(path, body)).text()).toContain("One good thing.");
  expect(judged).toEqual(["One good thing."]);
  const text = await (await post(path, { ...body, stream: true })).text();
  if (path === "/responses") {
    const { response } = responseEvents(text).at(-1) as { response: ResponseObject };
    expect(response).toMatchObject({ status: "completed", output: [{ content: [{ text: "One good thing." }] }] });
  } else if (path === "/chat/completions") expect(contentOf(text)).toBe("One good thing.");
  // Each window is judged once, with what came right before it.
  expect(judged.slice(1)).toEqual(["One ", "One good ", "One good thing."]);
  expect(flagged).toEqual([]);
});

it("sends a window before the model goes on, and stops the model at what is flagged", async () => {
  const sent = Promise.withResolvers<void>();
  let stopped = false;
  const m = defineModel(async function* () {
    try {
      yield "Good. ";
      await sent.promise;
      yield "Now b@d. ";
      await new Promise(() => {});
    } finally {
      stopped = true;
    }
  });
  const models = {
    m,
    [OMNI]: defineModel({
      moderate: ({ input }) => input.map((parts) => ({ violence: JSON.stringify(parts).includes("b@d") ? 1 : 0 })),
    }),
  };
  const guarded = testOutlet({ models, policy: { output: "block", window: 6 } });
  const reader = (await guarded.post("/chat/completions", ask("x", { stream: true }))).body?.getReader();
  let text = "";
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.includes("Good. ")) sent.resolve();
  }
  expect(contentOf(text)).toBe("Good. ");
  expect(text).toContain('"finish_reason":"content_filter"');
  expect(stopped).toBe(true);
  // What was generated is counted, also what was withheld.
  expect(guarded.settled[0]?.usage).toMatchObject({ estimated: true });
  expect(guarded.settled[0]?.usage?.output_tokens).toBeGreaterThan(2);
});

it("finds what lies across two windows, and is hidden among thoughts or tool calls", async () => {
  const { post } = answering(["It is b@", "d so."], { output: "block", window: 8 });
  const text = await (await post("/chat/completions", ask("x", { stream: true }))).text();
  expect(text).toContain("It is b@");
  expect(text).not.toContain("d so.");

  for (const delta of [
    { reasoning_content: "b@d" },
    { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: '{"x":"b@d"}' } }] },
    { refusal: "b@d" },
  ]) {
    const chunk = { id: "x", model: "far", choices: [{ index: 0, delta, finish_reason: "stop" }] };
    const body = () => chunksOf(`data: ${JSON.stringify(chunk)}\n\n`, "data: [DONE]\n\n");
    const models = { up: forwardEngine(() => ({ status: 200, headers: {}, body: body() })) };
    const moderate = defineModel({
      moderate: ({ input }) => input.map((parts) => ({ hate: JSON.stringify(parts).includes("b@d") ? 1 : 0 })),
    });
    const other = testOutlet({ models: { ...models, [OMNI]: moderate }, policy: { output: "block" } });
    const hidden = await (await other.post("/chat/completions", ask("x", { model: "up", stream: true }))).text();
    expect(hidden).not.toContain("b@d");
    expect(hidden).toContain("content_filter");
  }
});

it("judges every choice by itself, and of the best only those that are given", async () => {
  const judged: string[] = [];
  let said = 0;
  const logprobs = (of: number) => ({ tokens: ["x"], token_logprobs: [of], top_logprobs: [], text_offset: [0] });
  const models: Record<string, Engine> = {
    m: defineModel(() => (said++ % 2 === 0 ? "good" : "b@d")),
    // The first is the best, and the second the next.
    c: {
      specificationVersion: "v1",
      complete: ({ model }) => {
        const text = ["b@d", "good", "worst"][said++] ?? "";
        const choices = [{ index: 0, text, finish_reason: "stop" as const, logprobs: logprobs(-said) }];
        return { id: "c", object: "text_completion", created: 1, model, choices };
      },
    },
    [OMNI]: defineModel({
      moderate({ input }) {
        const texts = input.map((parts) => parts.map((part) => (part.type === "text" ? part.text : "")).join());
        judged.push(...texts);
        return texts.map((text) => ({ violence: text.includes("b@d") ? 1 : 0 }));
      },
    }),
  };
  const { post, settled } = testOutlet({ models, policy: { output: "block" } });
  const { choices } = await (await post("/chat/completions", ask("x", { n: 3 }))).json();
  expect(choices).toMatchObject([
    { finish_reason: "stop", message: { content: "good" } },
    { finish_reason: "content_filter", message: { content: "" } },
    { finish_reason: "stop", message: { content: "good" } },
  ]);
  expect(settled[0]?.flagged).toHaveLength(1);
  judged.length = 0;
  said = 0;
  const best = await (await post("/completions", { model: "c", prompt: "x", n: 2, best_of: 3 })).json();
  expect(best.choices).toMatchObject([
    { index: 0, text: "", finish_reason: "content_filter" },
    { index: 1, text: "good", finish_reason: "stop" },
  ]);
  expect(judged).toEqual(["b@d", "good"]);
});

it("says in a header what was flagged and went through, where the rule is to flag", async () => {
  for (const [, path, body] of CALLS) {
    const { post, flagged, settled } = answering(BAD, { input: "flag", output: "flag" });
    const sent =
      path === "/chat/completions"
        ? { messages: [{ role: "user", content: "b@d" }] }
        : path === "/responses"
          ? { input: "b@d" }
          : { prompt: "b@d" };
    const response = await post(path, { ...body, ...sent });
    expect(response.headers.get("outlet-flagged")).toBe('input="violence", output="violence"');
    expect(await response.text()).toContain("One b@d thing.");
    expect(flagged.map(({ side }) => side)).toEqual(["input", "output"]);
    expect(settled[0]?.flagged).toMatchObject([{ side: "input" }, { side: "output" }]);

    const streamed = await post(path, { ...body, ...sent, stream: true });
    expect(streamed.headers.get("outlet-flagged")).toBe('input="violence"');
    expect(await streamed.text()).toContain("b@d ");
    expect(settled[1]?.flagged).toMatchObject([{ side: "input" }, { side: "output", categories: ["violence"] }]);
  }
});

it("does not tell callers of what is only logged", async () => {
  const { post, flagged, logged } = answering(BAD, { output: "log" });
  const response = await post("/chat/completions", ask("x"));
  expect(response.headers.get("outlet-flagged")).toBeNull();
  expect(await response.text()).toContain("One b@d thing.");
  expect(flagged).toMatchObject([{ side: "output", action: "log" }]);
  expect(logged.map(({ message }) => message)).toContain("output was flagged");
  expect(JSON.stringify(logged)).not.toContain("b@d thing");
});

it("does not send what cannot be judged, unless the rule lets it through", async () => {
  for (const [, path, body] of CALLS) {
    const { post } = answering(["It ", "breaks."], { output: "block", window: 4 });
    const whole = await post(path, body);
    expect(whole.status).toBe(500);
    const stream = await (await post(path, { ...body, stream: true })).text();
    expect(stream).not.toContain("breaks");
    expect(stream).not.toContain("[DONE]");
    const { post: logging, logged } = answering(["It ", "breaks."], { output: "log" });
    expect(await (await logging(path, body)).text()).toContain("It breaks.");
    expect(logged.map(({ message }) => message)).toContain("output could not be judged, and was let through");
  }
});

it("withholds what is made in the background, and tells of it", async () => {
  for (const [model, stream] of [
    ["m", false],
    ["own", false],
    ["m", true],
    ["own", true],
  ] as const) {
    const ended = Promise.withResolvers<void>();
    let calls = 0;
    const { post, outlet, flagged } = answering(
      BAD,
      { output: "block" },
      {
        onSettle: () => {
          calls += 1;
          if (calls === 2) ended.resolve();
        },
      },
    );
    const ordered = await post("/responses", { model, input: "x", background: true, stream, safety_identifier: "s-1" });
    const text = await ordered.text();
    await ended.promise;
    await outlet.close();
    expect(text).not.toMatch(/One |b@d|thing\./);
    if (stream) expect(responseEvents(text).at(-1)).toMatchObject({ type: "response.incomplete", response: WITHHELD });
    expect(flagged).toMatchObject([{ side: "output", safetyIdentifier: "s-1" }]);
  }
});

it("relays an upstream's own bytes, and asks no judge, where there is no rule for answers", async () => {
  const { post, judged } = answering(["One ", "b@d"], { input: "block", projects: { quiet: {} } });
  const whole = await (await post("/chat/completions", ask("x", { model: "up" }))).text();
  expect(JSON.parse(whole)).toMatchObject({ id: "x", choices: [{ message: { content: "One b@d" } }] });
  const stream = await (await post("/chat/completions", ask("x", { model: "up", stream: true }))).text();
  expect(stream).toContain('data: {"id":"x","model":"far"');
  expect(judged).toEqual(["x", "x"]);
});

it("has long answers judged in parts that a judge can read", async () => {
  const { post, judged } = answering(["a".repeat(70_000), "b@d"], { output: "block" });
  const { choices } = await (await post("/chat/completions", ask("x"))).json();
  expect(choices[0].finish_reason).toBe("content_filter");
  expect(judged.map(({ length }) => length)).toEqual([32_000, 32_000, 70_003 - 2 * (32_000 - 256)]);
});

it("holds back no more pieces than it must, however little each says", async () => {
  const { post, judged } = answering(
    Array.from({ length: 10_000 }, () => "a"),
    { output: "block", window: 100_000 },
  );
  expect(contentOf(await (await post("/chat/completions", ask("x", { stream: true }))).text())).toHaveLength(10_000);
  expect(judged.map(({ length }) => length)).toEqual([4_096, 4_096 + 256, 10_000 - 2 * 4_096 + 256]);
});

it("does not start with a window that is none", () => {
  for (const window of [0, -1, 1.5, 100_001, Number.NaN]) {
    expect(() => answering([], { output: "block", window })).toThrow(/policy\.window/);
  }
  expect(() => answering([], { output: "forbid" as never })).toThrow(/policy\.output/);
});
