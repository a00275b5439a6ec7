import OpenAI from "openai";
import { expect, it } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { Engine } from "../engine/engine.ts";
import type { ChatInput, ModelPart } from "../engine/model-functions.ts";
import { IMAGES } from "../inputs/images.fixture.ts";
import type { OutletOptions } from "../options.ts";
import { ask, dataOf, forwardEngine, testOutlet } from "../test-support.ts";
import { CATEGORY_NAMES } from "./categories.ts";

const OMNI = "omni-moderation-latest";
const zero = Object.fromEntries(CATEGORY_NAMES.map((name) => [name, 0]));
const param = (input?: "score" | "block", output?: "score" | "block") => ({
  moderation: {
    model: OMNI,
    ...((input || output) && {
      policy: { ...(input && { input: { mode: input } }), ...(output && { output: { mode: output } }) },
    }),
  },
});

/** A model that says these pieces, and a judge for whom all is violent that has "bad" in it; tells what each was given. */
function moderated(said: readonly ModelPart[] = ["All ", "good."], options: Partial<OutletOptions> = {}) {
  const judged: string[] = [];
  const asked: ChatInput[] = [];
  let stopped = false;
  const m = defineModel(async function* (input) {
    asked.push(input);
    try {
      yield* said;
      yield { usage: { prompt_tokens: 7, completion_tokens: 5 } };
    } finally {
      stopped = true;
    }
  });
  const judge = defineModel(async function* ({ messages }) {
    const content = messages[1]?.content;
    const text = typeof content === "string" ? content : JSON.stringify(content);
    judged.push(text);
    if (text.includes("breaks")) throw new Error("x");
    yield { json: { ...zero, violence: text.includes("bad") ? 0.9 : 0 } };
    yield { usage: { prompt_tokens: 100, completion_tokens: 50 } };
  });
  const made = testOutlet({ models: { m, judge }, moderation: { model: "judge" }, ...options });
  const client = new OpenAI({ apiKey: "k", baseURL: "http://outlet/v1", fetch: made.outlet.fetch, maxRetries: 0 });
  return { ...made, client, judged, asked, isStopped: () => stopped };
}

const result = (flagged: boolean) => ({
  type: "moderation_result",
  model: OMNI,
  flagged,
  categories: { violence: flagged },
  category_scores: { violence: flagged ? 0.9 : 0 },
  category_applied_input_types: { violence: ["text"] },
});
const results = (...flags: boolean[]) => ({ type: "moderation_results", model: OMNI, results: flags.map(result) });

it("says of a chat what moderation makes of its input and of each choice, and meters the judge", async () => {
  const { client, settled, asked } = moderated(["A bad ", "word."]);
  const { data, response } = await client.chat.completions
    .create({ ...ask("Hello"), ...param(), n: 2, messages: [{ role: "user", content: "Hello" }] })
    .withResponse();
  expect(data.moderation).toMatchObject({ input: results(false), output: results(true, true) });
  expect(data.choices[0]?.message.content).toBe("A bad word.");
  expect(response.headers.get("outlet-emulated")?.split(", ")).toContain("moderation");
  expect(asked[0]?.request).not.toHaveProperty("moderation");
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 7 + 300, output_tokens: 10 + 150 });
  expect(data.usage?.total_tokens).toBe(17);
});

it("has a chunk of its own in a stream, before the usage, and helpers of clients put it together", async () => {
  const { post, client } = moderated();
  const text = await (
    await post("/chat/completions", ask("x", { ...param(), stream: true, stream_options: { include_usage: true } }))
  ).text();
  const chunks = dataOf(text)
    .slice(0, -1)
    .map((data) => JSON.parse(data));
  const at = chunks.findIndex((chunk) => chunk.moderation);
  expect(chunks[at]).toMatchObject({
    object: "chat.completion.chunk",
    choices: [],
    usage: null,
    moderation: { input: results(false), output: results(false) },
  });
  expect(chunks[at - 1]?.choices[0]?.finish_reason).toBe("stop");
  expect(chunks[at + 1]?.usage?.prompt_tokens).toBe(7);
  const final = await client.chat.completions
    .stream({ ...ask("x"), ...param(), messages: [{ role: "user", content: "x" }] })
    .finalChatCompletion();
  expect(final.choices[0]?.message.content).toBe("All good.");
});

it("judges all that messages say, and each image", async () => {
  const { post, judged } = moderated();
  const url = `data:image/png;base64,${IMAGES.png}`;
  const messages = [
    { role: "system", content: "Be kind." },
    {
      role: "user",
      content: [
        { type: "text", text: "Look:" },
        { type: "image_url", image_url: { url } },
        { type: "image_url", image_url: { url } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "find", arguments: "bad arguments" } }],
    },
    { role: "tool", tool_call_id: "c1", content: "found" },
  ];
  const body = await (await post("/chat/completions", { model: "m", messages, ...param() })).json();
  expect(body.moderation.input.results).toHaveLength(2);
  expect(body.moderation.input.results[0].flagged).toBe(true);
  expect(judged[0]).toContain('\\"Be kind.\\",\\"Look:\\",\\"find\\",\\"bad arguments\\",\\"found\\"');
  expect(judged[1]).toContain(url);
  expect(judged[1]).not.toContain("found");
});

it("blocks input that is flagged before the model is asked", async () => {
  const { post, asked, settled } = moderated();
  for (const [path, more, where] of [
    ["/chat/completions", {}, "messages"],
    ["/chat/completions", { stream: true }, "messages"],
    ["/responses", { messages: undefined, input: "bad" }, "input"],
    ["/responses", { messages: undefined, input: "bad", stream: true }, "input"],
  ] as const) {
    const response = await post(path, ask("bad", { ...param("block"), ...more }));
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ type: "invalid_request_error", code: "moderation_blocked", param: where });
    expect(error.message).toContain("violence");
  }
  expect(asked).toEqual([]);
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 100, output_tokens: 50 });
});

it.each([false, true])("blocks a chat's flagged output, streamed: %s", async (stream) => {
  const { post, settled } = moderated(["One ", "bad ", "thing."]);
  const response = await post("/chat/completions", ask("x", { ...param(undefined, "block"), stream }));
  const text = await response.text();
  expect(text).not.toContain("thing");
  expect(text).not.toContain("One");
  const chunks = stream
    ? dataOf(text)
        .slice(0, -1)
        .map((data) => JSON.parse(data))
    : [JSON.parse(text)];
  expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean)).toEqual(["content_filter"]);
  expect(chunks.find((chunk) => chunk.moderation).moderation).toMatchObject({ output: results(true) });
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 7 + 200 });
});

it("lets output through that is not flagged, whole", async () => {
  const { post, judged } = moderated(["One ", "good ", "thing."]);
  const stream = await (await post("/chat/completions", ask("x", { ...param("block", "block"), stream: true }))).text();
  expect(stream).toContain('"content":"One "');
  expect(judged).toHaveLength(2);
  expect(judged[1]).toContain("One good thing.");
});

it("says of a response what moderation makes of it, in its last event too", async () => {
  const { client } = moderated(["A bad word."]);
  const response = await client.responses.create({ model: "m", input: "Hello", ...param() });
  expect(response.moderation).toMatchObject({ input: result(false), output: result(true) });
  expect(response.output_text).toBe("A bad word.");
  const stored = await client.responses.retrieve(response.id);
  expect(stored.moderation).toEqual(response.moderation);
  const streamed = await client.responses.stream({ model: "m", input: "Hello", ...param() }).finalResponse();
  expect(streamed.moderation).toMatchObject({ input: result(false), output: result(true) });
});

it.each([false, true])("blocks a response's flagged output, streamed: %s", async (stream) => {
  const { post } = moderated(["One ", "bad ", "thing."]);
  const text = await (
    await post("/responses", { model: "m", input: "x", stream, ...param(undefined, "block") })
  ).text();
  expect(text).not.toContain("thing");
  const last = stream
    ? text
        .split("\n\n")
        .at(-2)
        ?.replace(/^.*\ndata: /, "")
    : undefined;
  const response = last ? JSON.parse(last).response : JSON.parse(text);
  expect(response).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "content_filter" },
    output: [],
    moderation: { output: result(true) },
  });
});

it("tells in the result what went wrong with moderating, where scores were asked for; what is to be blocked does not go through", async () => {
  const { post } = moderated(["It breaks."]);
  const scored = await (await post("/chat/completions", ask("x", param()))).json();
  expect(scored.moderation).toMatchObject({
    input: results(false),
    output: { type: "error", message: expect.any(String), code: expect.any(String) },
  });
  expect((await post("/chat/completions", ask("breaks", param("block")))).status).toBe(500);
  expect((await post("/chat/completions", ask("x", param(undefined, "block")))).status).toBe(500);
});

it("is refused by name where nobody moderates", async () => {
  const { post } = moderated([], { moderation: undefined as never });
  for (const [path, more] of [
    ["/chat/completions", {}],
    ["/responses", { messages: undefined, input: "x" }],
  ] as const) {
    const { error } = await (await post(path, ask("x", { ...param(), ...more }))).json();
    expect(error).toMatchObject({
      code: "unsupported_parameter",
      param: "moderation",
      message: expect.stringContaining(OMNI),
    });
  }
});

it("asks an engine that moderates, also one that speaks the protocol", async () => {
  const sent: string[] = [];
  const reply = {
    id: "modr-1",
    model: "up",
    results: [
      {
        flagged: true,
        categories: { violence: true },
        category_scores: { violence: 1 },
        category_applied_input_types: {},
      },
    ],
  };
  const up = forwardEngine({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(reply)) }, sent);
  const scores = defineModel({ moderate: ({ input }) => input.map(() => ({ violence: 0.9 })) });
  for (const [name, engine] of [
    ["*", up],
    [OMNI, scores],
  ] as const) {
    const { post } = moderated(["x"], {
      models: { m: defineModel(() => "Hello."), [name]: engine as Engine },
      moderation: undefined as never,
    });
    const body = await (await post("/chat/completions", ask("Hi", param()))).json();
    expect(body.moderation.input.results).toMatchObject([{ flagged: true, model: OMNI, type: "moderation_result" }]);
  }
  expect(sent.map((text) => JSON.parse(text))).toEqual([
    { model: OMNI, input: ["Hi"] },
    { model: OMNI, input: ["Hello."] },
  ]);
});

it("is handed on to an engine that honours it, and so is what that says", async () => {
  const asked: unknown[] = [];
  const moderation = { input: results(false), output: results(true) } as never;
  const engine: Engine = {
    specificationVersion: "v1",
    chat(request) {
      asked.push(request.moderation);
      const choice = {
        index: 0,
        message: { role: "assistant" as const, content: "Hi", refusal: null },
        logprobs: null,
        finish_reason: "stop" as const,
      };
      return { id: "c", object: "chat.completion", created: 1, model: "m", choices: [choice], moderation };
    },
  };
  const { post, judged } = moderated([], { models: { m: engine }, moderation: undefined as never });
  const whole = await (await post("/chat/completions", ask("x", param()))).json();
  expect(whole.moderation).toEqual(moderation);
  const stream = dataOf(await (await post("/chat/completions", ask("x", { ...param(), stream: true }))).text());
  expect(
    stream
      .slice(0, -1)
      .map((data) => JSON.parse(data))
      .find((chunk) => chunk.moderation),
  ).toMatchObject({ choices: [], moderation });
  expect(asked).toEqual([param().moderation, param().moderation]);
  expect(judged).toEqual([]);
});

it.each([
  ["a chat", "/chat/completions", { messages: [{ role: "user", content: "x" }], logprobs: true }, "logprobs"],
  ["a response", "/responses", { input: "x", top_logprobs: 2 }, "top_logprobs"],
])("judges nothing of %s that is refused anyway", async (_what, path, body, refused) => {
  const { post, judged } = moderated();
  const response = await post(path, { model: "m", ...body, ...param("score") });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: refused } });
  expect(judged).toEqual([]);
});
