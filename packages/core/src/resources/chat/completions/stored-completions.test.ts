import fc from "fast-check";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { createMemoryStore, defineModel, type Engine, type ModelEntry, type Store } from "../../../index.ts";
import { chunksOf, forwardEngine, testOutlet } from "../../../test-support.ts";

function completions(model: ModelEntry = defineModel(() => ["one ", "two"]), store: Store = createMemoryStore()) {
  const { outlet, settled } = testOutlet({ models: { m: model }, store });
  const { chat } = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "x", fetch: outlet.fetch, maxRetries: 0 });
  return { ...chat.completions, list: chat.completions.list.bind(chat.completions), chat, settled };
}

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "count" }];
const request = { model: "m", messages, store: true };

it("finds a stored stream as soon as its end has been read, whole as the stream said it", async () => {
  const { chat } = completions();
  const stream = chat.completions.stream({ ...request, stream_options: { include_usage: true }, metadata: { k: "v" } });
  const { id, usage, created, choices } = await stream.finalChatCompletion();
  const stored = await chat.completions.retrieve(id);
  expect(choices[0]?.message.content).toBe("one two");
  expect(stored.choices[0]?.message).toMatchObject({ role: "assistant", content: "one two" });
  expect(stored).toMatchObject({ usage, created, metadata: { k: "v" } });
});

it("does not store a stream that was cut, by its client or by its engine", async () => {
  const cut = completions();
  const stream = await cut.chat.completions.create({ ...request, stream: true });
  for await (const _ of stream) break;
  expect((await cut.list()).data).toEqual([]);

  const failing = defineModel(async function* () {
    yield "half";
    throw new Error("boom");
  });
  const broken = completions(failing);
  await expect(broken.chat.completions.create(request)).rejects.toMatchObject({ status: 500 });
  expect((await broken.list()).data).toEqual([]);
});

it("ends a stream that cannot be stored in an error, and answers a whole one with 503", async () => {
  const down = { ...createMemoryStore(), write: () => Promise.reject(new Error("disk full")) };
  const { chat, settled } = completions(undefined, down);
  await expect(chat.completions.create(request)).rejects.toMatchObject({ status: 503 });
  const stream = await chat.completions.create({ ...request, stream: true });
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toThrow(/database/);
  expect(settled.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
});

it("tells no engine of it", async () => {
  const seen: object[] = [];
  const engine: Engine = {
    specificationVersion: "v1",
    chat: (asked) => {
      seen.push(asked);
      throw new Error("enough");
    },
  };
  await expect(completions(engine).chat.completions.create({ ...request, metadata: { k: "v" } })).rejects.toThrow();
  expect(seen).toEqual([{ model: "m", messages }]);
});

const theirs = { id: "chatcmpl-theirs", created: 1, model: "theirs" };
const usage = {
  prompt_tokens: 1,
  completion_tokens: 2,
  total_tokens: 3,
  completion_tokens_details: { audio_tokens: 1 },
};

function event(delta: object, finish: string | null, more: object = {}) {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...theirs, object: "chat.completion.chunk", choices, ...more })}\n\n`;
}

function streaming(events: string, seen: string[] = []) {
  return completions(forwardEngine(() => ({ status: 200, headers: {}, body: chunksOf(events) }), seen));
}

it("stores what an upstream answered, under the outlet's own id, with parameters that only the upstream knows", async () => {
  const seen: string[] = [];
  const { chat } = streaming(
    event({ role: "assistant", content: "" }, null) +
      event({ content: "ja, \u201eé" }, null) +
      event({ content: '"id":"chatcmpl-theirs"' }, null, { id: "chatcmpl-other" }) +
      event({}, "stop") +
      event({}, null, { choices: [], usage }) +
      "data: [DONE]\n\n",
    seen,
  );
  const stream = await chat.completions.create({ ...request, stream: true, top_k: 3 } as typeof request & {
    stream: true;
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const id = chunks[0]?.id as string;
  expect(id).not.toBe("chatcmpl-theirs");
  expect(new Set(chunks.map((chunk) => chunk.id))).toEqual(new Set([id]));
  const content = 'ja, \u201eé"id":"chatcmpl-theirs"';
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(content);
  // Nobody asked to see it.
  expect(chunks.some((chunk) => chunk.usage)).toBe(false);
  expect(await chat.completions.retrieve(id)).toMatchObject({
    model: "theirs",
    created: 1,
    usage,
    choices: [{ message: { content } }],
  });
  expect(JSON.parse(seen[0] as string)).toMatchObject({ top_k: 3, stream: true });
  expect(seen[0]).not.toContain("store");
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    "",
    "\n",
    '"',
    "\\",
    "\ufeff",
    "\u007f",
    '"content":"x"',
    "h\u00e9",
    "\ud83d\ude42",
    "{}",
    ' "delta":{',
  ),
);
const said = fc.record(
  {
    delta: fc.oneof(
      { weight: 8, arbitrary: fc.record({ content: text }) },
      fc.record({ content: text, refusal: fc.constant(null) }),
      fc.record({ refusal: text }),
      fc.record({ content: text, function_call: fc.constant({ arguments: "x" }) }),
      fc.record({ content: text, extra: fc.record({ content: text }) }),
    ),
    index: fc.constantFrom(0, 0, 0, 1),
    more: fc.oneof(
      fc.constant({}),
      fc.record({ obfuscation: fc.string({ maxLength: 4 }) }),
      fc.constant({ usage: null }),
      fc.record({ content: text }),
    ),
  },
  { requiredKeys: ["delta", "index"] },
);

/** Some alike, some not. */
const stream = fc
  .tuple(fc.array(said, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 12 }), fc.array(text))
  .map(([kinds, order, texts]) =>
    order.flatMap((nth, i) => {
      const kind = kinds[nth % kinds.length];
      if (!kind) return [];
      const content = texts[i % texts.length];
      return [content !== undefined && "content" in kind.delta ? { ...kind, delta: { ...kind.delta, content } } : kind];
    }),
  );

it("stores of a stream what the client is told, whatever its events differ in and wherever they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.array(fc.nat(), { maxLength: 4 }), async (list, cuts) => {
      const events = list.map(({ delta, index, more }) => {
        const choices = [{ index, delta, finish_reason: null }];
        return event({}, null, { choices, ...more });
      });
      const ends = [0, 1].map((index) => event({}, null, { choices: [{ index, delta: {}, finish_reason: "stop" }] }));
      const all = new TextEncoder().encode(`${[...events, ...ends].join("")}data: [DONE]\n\n`);
      // Between events, mostly, as far sides send them.
      let end = 0;
      const between = events.map((one) => {
        end += new TextEncoder().encode(one).length;
        return end;
      });
      const at = [...new Set([...between, ...cuts.map((cut) => cut % all.length)])].sort((a, b) => a - b);
      const parts = [0, ...at].map((from, i) => all.slice(from, at[i] ?? all.length));
      const engine = forwardEngine(() => ({ status: 200, headers: {}, body: chunksOf(...parts) }), []);
      const { chat } = completions(engine);
      const contents: Record<number, string> = {};
      let id = "";
      for await (const chunk of await chat.completions.create({ ...request, n: 2, stream: true })) {
        id = chunk.id;
        for (const { index, delta } of chunk.choices) contents[index] = (contents[index] ?? "") + (delta.content ?? "");
      }
      const called: Record<number, number> = {};
      const told = list.flatMap(({ index, delta }) => ("content" in delta ? [{ index, content: delta.content }] : []));
      for (const index of [0, 1]) {
        const expected = told
          .filter((one) => one.index === index)
          .map(({ content }) => content)
          .join("");
        expect(contents[index] ?? "").toBe(expected);
        called[index] = list.filter((one) => one.index === index && "function_call" in one.delta).length;
      }
      const kept = await chat.completions.retrieve(id);
      for (const { index, message } of kept.choices) {
        expect(message.content ?? "").toBe(contents[index] ?? "");
        expect(message.function_call?.arguments ?? "").toBe("x".repeat(called[index] ?? 0));
      }
    }),
    { numRuns: 300 },
  );
});

it("gives every event of a stream the outlet's own id, also where the upstream's stands in an event twice", async () => {
  const said = (content: string) => `"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]`;
  const id = '"id":"chatcmpl-theirs"';
  const twice = [
    (content: string) => `{"run":{${id}},${id},${said(content)}}`,
    (content: string) => `{${id},${said(content)},${id}}`,
  ];
  for (const eventOf of twice) {
    const events = ["one", "two", "three", "four"].map((content) => `data: ${eventOf(content)}\n\n`);
    const body = () => chunksOf(...events, "data: [DONE]\n\n");
    const { chat } = completions(forwardEngine(() => ({ status: 200, headers: {}, body: body() })));
    const ids: string[] = [];
    for await (const chunk of await chat.completions.create({ ...request, stream: true })) ids.push(chunk.id);
    const [own = ""] = ids;
    expect(ids).toEqual(events.map(() => own));
    expect(await chat.completions.retrieve(own)).toMatchObject({
      choices: [{ message: { content: "onetwothreefour" } }],
    });
  }
});

it("stores of a stream that begins with a byte order mark what its first event says", async () => {
  const { chat } = streaming(
    `\ufeff${event({ content: "one " }, null)}${event({ content: "two" }, "stop")}data: [DONE]\n\n`,
  );
  let id = "";
  for await (const chunk of await chat.completions.create({ ...request, stream: true })) id = chunk.id;
  expect(await chat.completions.retrieve(id)).toMatchObject({ choices: [{ message: { content: "one two" } }] });
});

it("hands out chunks that may be given away: no other, of no other stream, is lost with one's memory", async () => {
  const events = [event({ content: "one " }, null), event({ content: "two" }, "stop"), "data: [DONE]\n\n"];
  const reply = () => ({ status: 200, headers: {}, body: chunksOf(...events) });
  const { outlet } = testOutlet({ models: { m: forwardEngine(reply) } });
  const read = async () => {
    const headers = { authorization: "Bearer x", "content-type": "application/json" };
    const body = JSON.stringify({ ...request, stream: true });
    const { body: stream } = await outlet.fetch("http://outlet/v1/chat/completions", { method: "POST", headers, body });
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of stream as ReadableStream<Uint8Array<ArrayBuffer>>) chunks.push(chunk);
    return chunks;
  };
  const [mine, theirs] = [await read(), await read()];
  const sizes = theirs.map(({ length }) => length);
  for (const chunk of mine) {
    expect(chunk.length).toBeGreaterThan(0);
    structuredClone(chunk, { transfer: [chunk.buffer] });
  }
  expect(theirs.map(({ length }) => length)).toEqual(sizes);
});

it("stores what an upstream answered whole, and hands it on under the outlet's own id", async () => {
  const answer = {
    ...theirs,
    object: "chat.completion",
    extra: 1,
    usage,
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "yes" } }],
  };
  const { choices, ...rest } = answer;
  const reordered = { choices: [{ id: "x", ...choices[0] }], ...rest, id: "a b" };
  for (const json of [JSON.stringify(answer), JSON.stringify(reordered, null, 1)]) {
    const reply = () => ({ status: 200, headers: {}, body: new TextEncoder().encode(json) });
    const { chat } = completions(forwardEngine(reply, []));
    const replied = await chat.completions.create({ ...request, metadata: { k: "v" } });
    const { id } = replied;
    expect(id).not.toBe(JSON.parse(json).id);
    expect({ ...replied, id: "" }).toEqual({ ...JSON.parse(json), id: "" });
    expect(await chat.completions.retrieve(id)).toMatchObject({
      id,
      extra: 1,
      usage,
      metadata: { k: "v" },
      choices: [{ logprobs: null, message: { content: "yes", refusal: null } }],
    });
  }
});

it("dates the record of what an upstream answered by its own clock, and shows the upstream's date", async () => {
  const now = Math.floor(Date.now() / 1000);
  const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "yes" } }];
  const whole = new TextEncoder().encode(JSON.stringify({ ...theirs, object: "chat.completion", choices }));
  const events = `${event({ content: "yes" }, "stop")}data: [DONE]\n\n`;
  for (const stream of [false, true]) {
    const memory = createMemoryStore();
    const dates: number[] = [];
    const write: Store["write"] = (changes) => {
      for (const change of changes) if ("insert" in change) dates.push(change.insert.createdAt);
      return memory.write(changes);
    };
    const store = { ...memory, write };
    const reply = () => ({ status: 200, headers: {}, body: stream ? chunksOf(events) : whole });
    const { chat } = completions(forwardEngine(reply), store);
    const answer = await chat.completions.create({ ...request, stream });
    if ("controller" in answer) for await (const _ of answer);
    expect((await chat.completions.list()).data).toMatchObject([{ created: 1 }]);
    expect(dates).toHaveLength(1);
    expect(dates[0]).toBeGreaterThanOrEqual(now);
  }
});

it("stores no relayed stream that is cut or malformed, and ends it in an error", async () => {
  const begun = event({ role: "assistant", content: "half" }, null);
  const broken = [
    begun,
    `${begun}data: {"error":{"message":"boom"}}\n\ndata: [DONE]\n\n`,
    `${begun}data: {"choices":[{"index":1000000000,"delta":{}}]}\n\ndata: [DONE]\n\n`,
    `${begun}data: {nonsense\n\ndata: [DONE]\n\n`,
    `${begun}${event({ content: 5 }, "stop")}data: [DONE]\n\n`,
  ];
  for (const events of broken) {
    const { chat, list, settled } = streaming(events);
    const stream = await chat.completions.create({ ...request, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow();
    expect((await list()).data).toEqual([]);
    expect(settled[0]?.outcome).not.toBe("completed");
  }
});

it("lists by model and metadata, the oldest first, page by page", async () => {
  const { chat, list } = completions();
  const ids: string[] = [];
  for (const topic of ["a", "b", "a", "a"]) {
    ids.push((await chat.completions.create({ ...request, metadata: { topic, user: "u" } })).id);
  }
  const found: string[] = [];
  for await (const { id } of list({ limit: 2, metadata: { topic: "a", user: "u" } })) found.push(id);
  expect(found).toEqual([ids[0], ids[2], ids[3]]);
  expect((await list({ model: "other" })).data).toEqual([]);
  expect((await list({ model: "m", order: "desc", limit: 1 })).data.map(({ id }) => id)).toEqual([ids[3]]);

  const changed = await chat.completions.update(ids[1] as string, { metadata: { topic: "c" } });
  expect(changed.metadata).toEqual({ topic: "c" });
  expect((await list({ metadata: { topic: "c" } })).data).toEqual([changed]);
  expect((await list({ metadata: { topic: "b" } })).data).toEqual([]);
});

it("lists what a completion answered", async () => {
  const { chat } = completions(defineModel({ chat: () => "ok", honours: ["tools"] }));
  const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } } as const;
  const { id } = await chat.completions.create({
    ...request,
    messages: [
      { role: "system", content: "Be brief.", name: "host" },
      { role: "user", content: [{ type: "text", text: "look" }] },
      { role: "assistant", tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "42" },
    ],
  });
  const bare = { content: null, content_parts: null, name: null, refusal: null };
  expect((await chat.completions.messages.list(id)).data).toEqual([
    { ...bare, id: `${id}-0`, role: "system", content: "Be brief.", name: "host" },
    { ...bare, id: `${id}-1`, role: "user", content_parts: [{ type: "text", text: "look" }] },
    { ...bare, id: `${id}-2`, role: "assistant", tool_calls: [call] },
    { ...bare, id: `${id}-3`, role: "tool", content: "42", tool_call_id: "c1" },
  ]);
  const page = await chat.completions.messages.list(id, { order: "desc", limit: 2, after: `${id}-3` });
  expect(page.data.map((message) => message.id)).toEqual([`${id}-2`, `${id}-1`]);
  expect(page.has_more).toBe(true);
  await expect(chat.completions.messages.list(id, { after: "none" })).rejects.toMatchObject({
    status: 400,
    param: "after",
  });
  await chat.completions.delete(id);
  await expect(chat.completions.messages.list(id)).rejects.toMatchObject({ status: 404 });
});
