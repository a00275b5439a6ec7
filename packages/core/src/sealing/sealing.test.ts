import OpenAI, { BadRequestError } from "openai";
import { describe, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import type { OutletOptions } from "../options.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatDelta } from "../resources/chat/completions/chat-completions.types.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { testOutlet } from "../test-support.ts";

const THOUGHT = "The user means Oslo — ✓.";
const INCLUDE = ["reasoning.encrypted_content"] as const;
const OLD = "an old secret that nobody has ever guessed";
const NEW = "a new secret that nobody has guessed until now";

/** A model that thinks and then calls a tool, and keeps what it was asked. */
function thinker() {
  const asked: ChatCompletionRequest[] = [];
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m" } as const;
  const call = { index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } } as const;
  const deltas: (ChatDelta & { reasoning_content?: string })[] = [
    { reasoning_content: THOUGHT },
    { tool_calls: [call] },
  ];
  const engine: Engine = {
    specificationVersion: "v1",
    chat(request) {
      asked.push(request);
      return [
        ...deltas.map((delta) => ({ ...head, choices: [{ index: 0, delta, finish_reason: null }] })),
        { ...head, choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" as const }] },
      ];
    },
  };
  return { engine, asked };
}

function setUp(options: Partial<OutletOptions> = {}) {
  const { engine, asked } = thinker();
  const keys = { "sk-one": { id: "one", project: "p" }, "sk-two": { id: "two", project: "q" } };
  const { outlet } = testOutlet({ models: { m: engine }, keys, ...options });
  const clientOf = (apiKey: string) =>
    new OpenAI({ baseURL: "http://outlet/v1", apiKey, fetch: outlet.fetch, maxRetries: 0 });
  return { client: clientOf("sk-one"), other: clientOf("sk-two"), asked };
}

/** What a client keeps of a turn that thought and called: all but the words of the thought. */
async function firstTurn(client: OpenAI) {
  const response = await client.responses.create({ model: "m", input: "Rain?", store: false, include: [...INCLUDE] });
  const [reasoning, call] = response.output;
  if (reasoning?.type !== "reasoning" || call?.type !== "function_call") throw new Error("another output was expected");
  const { content: _, ...kept } = reasoning;
  return { kept, call, sealed: reasoning.encrypted_content ?? "" };
}

type Turn = Awaited<ReturnType<typeof firstTurn>>;

function secondTurn(client: OpenAI, { kept, call }: Turn, encrypted_content = kept.encrypted_content ?? "") {
  return client.responses.create({
    model: "m",
    store: false,
    input: [
      { role: "user", content: "Rain?" },
      { ...kept, encrypted_content },
      call,
      { type: "function_call_output", call_id: call.call_id, output: "Yes." },
    ],
  });
}

async function refusal(answer: Promise<unknown>) {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BadRequestError)) throw new Error(`expected a 400, got ${error}`);
  const { status, code, param, type, message } = error;
  return { status, code, param, type, message };
}

const REFUSED = { status: 400, code: "invalid_encrypted_content", param: null, type: "invalid_request_error" };

test("thoughts are sealed, and opened for the model when they come back", async () => {
  const { client, asked } = setUp();
  const turn = await firstTurn(client);
  expect(turn.sealed).toMatch(/^outlet:1:/);
  expect(turn.sealed).not.toContain("Oslo");
  expect(atob(turn.sealed.split(":").at(-1)?.replaceAll("-", "+").replaceAll("_", "/") ?? "")).not.toContain("Oslo");
  await secondTurn(client, turn);
  expect(asked[1]?.messages[1]).toMatchObject({ role: "assistant", reasoning_content: THOUGHT });
});

test("two seals of one thought have nothing in common", async () => {
  const { client } = setUp();
  const [a, b] = [await firstTurn(client), await firstTurn(client)];
  expect(a.sealed.slice(18, 40)).not.toBe(b.sealed.slice(18, 40));
});

test("a streamed item is sealed when it is done, and is the same in the response", async () => {
  const { client } = setUp();
  const stream = client.responses.stream({ model: "m", input: "Rain?", include: [...INCLUDE] });
  const done: string[] = [];
  stream.on("event", (event) => {
    if (event.type !== "response.output_item.done" || event.item.type !== "reasoning") return;
    done.push(event.item.encrypted_content ?? "");
  });
  const [reasoning] = (await stream.finalResponse()).output;
  expect(done).toEqual([reasoning?.type === "reasoning" ? reasoning.encrypted_content : null]);
  expect(done[0]).toMatch(/^outlet:1:/);
});

test("what was not asked for at first can be asked for later", async () => {
  const { client, asked } = setUp();
  const response = await client.responses.create({ model: "m", input: "Rain?" });
  expect(response.output[0]).not.toHaveProperty("encrypted_content");
  const { output } = await client.responses.retrieve(response.id, { include: [...INCLUDE] });
  const [reasoning, call] = output;
  if (reasoning?.type !== "reasoning" || call?.type !== "function_call") throw new Error("another output was expected");
  const { content: _, ...kept } = reasoning;
  await secondTurn(client, { kept, call, sealed: "" });
  expect(asked[1]?.messages[1]).toMatchObject({ reasoning_content: THOUGHT });
});

describe("refused in the API's own words is", () => {
  test.each([
    // Not at its end: of the last character, some bits stand for nothing.
    [
      "a changed text",
      (sealed: string) => sealed.slice(0, -9) + (sealed.at(-9) === "A" ? "B" : "A") + sealed.slice(-8),
    ],
    ["a changed key's name", (sealed: string) => sealed.replace(/^outlet:1:.{8}/, "outlet:1:aaaaaaaa")],
    ["another version", (sealed: string) => sealed.replace("outlet:1:", "outlet:2:")],
    ["a part", (sealed: string) => sealed.slice(0, 24)],
    ["what is not base64", (sealed: string) => sealed.slice(0, 18) + "a".repeat(5)],
    ["a text of another maker", () => "gAAAAABnQ2Fubm90IGJlIHJlYWQ="],
  ])("%s", async (_, changed) => {
    const { client, asked } = setUp();
    const turn = await firstTurn(client);
    expect(await refusal(secondTurn(client, turn, changed(turn.sealed)))).toMatchObject(REFUSED);
    expect(asked).toHaveLength(1);
  });

  test("somebody else's", async () => {
    const { client, other } = setUp();
    const turn = await firstTurn(client);
    const { message, ...rest } = await refusal(secondTurn(other, turn));
    expect(rest).toEqual(REFUSED);
    expect(message).toMatch(/The encrypted content outl\.\.\..{4} could not be verified\./);
  });

  test("what has another purpose", async () => {
    const { client } = setUp();
    const { sealed } = await firstTurn(client);
    const input = [{ type: "compaction", encrypted_content: sealed } as const, { role: "user", content: "?" } as const];
    expect(await refusal(client.responses.create({ model: "m", input }))).toMatchObject(REFUSED);
  });
});

describe("the key", () => {
  test("is the host's: the first one seals, all of them open", async () => {
    const turn = await firstTurn(setUp({ sealingKeys: [OLD] }).client);
    const rotated = setUp({ sealingKeys: [NEW, OLD] });
    await secondTurn(rotated.client, turn);
    expect(rotated.asked[0]?.messages[1]).toMatchObject({ reasoning_content: THOUGHT });
    const later = await firstTurn(rotated.client);
    await secondTurn(setUp({ sealingKeys: [NEW] }).client, later);
    expect(await refusal(secondTurn(setUp({ sealingKeys: [OLD] }).client, later))).toMatchObject(REFUSED);
  });

  test("is in the store by default: whoever shares it opens what the others have sealed", async () => {
    const store = createMemoryStore();
    const [a, b] = [setUp({ store }), setUp({ store })];
    const [first, second] = await Promise.all([firstTurn(a.client), firstTurn(b.client)]);
    await secondTurn(b.client, first);
    await secondTurn(a.client, second);
    expect(await refusal(secondTurn(setUp().client, first))).toMatchObject(REFUSED);
  });

  test("is asked for again when the store was away", async () => {
    const store = createMemoryStore();
    let away = true;
    const broken = {
      ...store,
      get: (...key: Parameters<typeof store.get>) => (away ? Promise.reject(new Error("away")) : store.get(...key)),
    };
    const { client } = setUp({ store: broken });
    await expect(firstTurn(client)).rejects.toMatchObject({ status: 503 });
    away = false;
    expect((await firstTurn(client)).sealed).toMatch(/^outlet:1:/);
  });

  test.each([[[]], [["short"]]])("is refused at the start when it is none: %j", (sealingKeys) => {
    expect(() => setUp({ sealingKeys })).toThrow(/sealingKeys/);
  });
});
