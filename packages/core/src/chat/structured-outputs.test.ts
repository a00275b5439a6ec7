import { zodResponseFormat } from "openai/helpers/zod";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ModelCapabilities } from "../models/model-entry.ts";
import { call, modelSaying, type Said } from "./test-models.fixture.ts";

const Place = z.object({ city: z.string(), rain: z.boolean() });
const response_format = zodResponseFormat(Place, "place");
const OSLO = '{"city":"Oslo","rain":true}';
const WRONG = '{"city":"Oslo","rain":"yes"}';
const asked = { model: "m", messages: [{ role: "user" as const, content: "Where?" }], response_format };
const emulated = async (request: Promise<Response>) => (await request).headers.get("outlet-emulated");

const RUNGS: { rung: string; capabilities: ModelCapabilities; says: string | Said; header: string | null }[] = [
  { rung: "native", capabilities: {}, says: OSLO, header: null },
  {
    rung: "tool",
    capabilities: { structured_outputs: false },
    says: { tool_calls: [call("place", OSLO)] },
    header: "response_format=tool",
  },
  {
    rung: "repair",
    capabilities: { structured_outputs: false, tools: false },
    says: OSLO,
    header: "response_format=repair",
  },
];

describe.each(RUNGS)("on the rung: $rung", ({ capabilities, says, header }) => {
  test("the SDK's parse and stream give the object", async () => {
    const { client, post, settled } = modelSaying([says], { capabilities });
    const parsed = await client.chat.completions.parse(asked);
    expect(parsed.choices[0]?.message.parsed).toEqual({ city: "Oslo", rain: true });
    expect(parsed.choices[0]?.finish_reason).toBe("stop");
    expect(parsed.choices[0]?.message.tool_calls).toBeUndefined();
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ city: "Oslo", rain: true });
    expect(await emulated(post("/chat/completions", asked))).toBe(header);
    expect(settled.at(-1)?.emulated).toEqual(header ? [header] : []);
    expect(settled.at(-1)?.usage).toMatchObject({ input_tokens: 10, output_tokens: 5, estimated: false });
  });

  test("refusals, and answers that ran out of tokens or were filtered, are passed on as they are", async () => {
    for (const stream of [false, true]) {
      const refusing = modelSaying([{ refusal: "No." }], { capabilities });
      const refused = await refusing.post("/chat/completions", { ...asked, stream });
      expect([refused.status, refusing.asked.length]).toEqual([200, 1]);
      expect(await refused.text()).toContain('"refusal":"No."');
      for (const finish_reason of ["length", "content_filter"] as const) {
        const cut = modelSaying([{ content: '{"city":', finish_reason }], { capabilities });
        const response = await cut.post("/chat/completions", { ...asked, stream });
        expect([response.status, cut.asked.length]).toEqual([200, 1]);
        const text = await response.text();
        expect(text).toContain(`"finish_reason":"${finish_reason}"`);
        expect(text).toContain('{\\"city\\":');
      }
    }
  });
});

test("an answer that does not match ends in an error that says where, and says nothing of the answer", async () => {
  for (const { capabilities, rung } of RUNGS) {
    const says = rung === "tool" ? { tool_calls: [call("place", WRONG)] } : WRONG;
    for (const stream of [false, true]) {
      const { post, asked: engine } = modelSaying([says], { capabilities });
      const response = await post("/chat/completions", { ...asked, stream });
      expect(response.status).toBe(502);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe("engine_error");
      expect(error.message).toContain("at 'rain': expected a boolean, but got a string");
      expect(engine).toHaveLength(rung === "repair" ? 3 : 1);
    }
  }
});

test("on the last rung the model is told what was wrong, twice at most, and every attempt is counted", async () => {
  const {
    client,
    asked: engine,
    settled,
  } = modelSaying(["Sure!", WRONG, `Here:\n\`\`\`json\n${OSLO}\n\`\`\``], {
    capabilities: { structured_outputs: false, tools: false },
  });
  const { choices, usage } = await client.chat.completions.create(asked);
  expect(choices[0]?.message.content).toBe(OSLO);
  expect(usage).toMatchObject({ prompt_tokens: 30, completion_tokens: 15, total_tokens: 45 });
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 30, output_tokens: 15 });
  const [first, , third] = engine;
  expect(first?.messages[0]).toMatchObject({ role: "system", content: expect.stringContaining('"rain"') });
  expect(first?.response_format).toEqual({ type: "json_object" });
  expect(third?.messages.slice(-2)).toEqual([
    { role: "assistant", content: WRONG },
    { role: "user", content: expect.stringContaining("at 'rain': expected a boolean, but got a string") },
  ]);
});

test("on the last rung a stream sends nothing until it is valid", async () => {
  const { client } = modelSaying([WRONG, OSLO], { capabilities: { structured_outputs: false, tools: false } });
  let text = "";
  for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true })) {
    text += choices[0]?.delta.content ?? "";
  }
  expect(text).toBe(OSLO);
});

test("a model that keeps to nothing is not asked for JSON mode; one that has instructions keeps them", async () => {
  const { client, asked: engine } = modelSaying([OSLO], {
    capabilities: { structured_outputs: false, tools: false, json_mode: false },
  });
  await client.chat.completions.create({
    ...asked,
    messages: [{ role: "developer", content: "Be brief." }, ...asked.messages],
  });
  expect(engine[0]).not.toHaveProperty("response_format");
  expect(engine[0]?.messages[0]).toMatchObject({
    role: "developer",
    content: expect.stringMatching(/^Be brief\.\n\nAnswer with one JSON/),
  });
});

test("the client's own tools stay callable beside the answer's tool", async () => {
  const tools = [{ type: "function" as const, function: { name: "place", parameters: { type: "object" } } }];
  const capabilities = { structured_outputs: false };
  const calling = modelSaying([{ tool_calls: [call("place", { q: 1 })] }], { capabilities });
  const called = await calling.client.chat.completions.create({ ...asked, tools });
  expect(called.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
  expect(called.choices[0]?.message.tool_calls).toEqual([call("place", { q: 1 })]);
  expect(calling.asked[0]).toMatchObject({ tool_choice: "required", tools: [{}, { function: { name: "place_2" } }] });
  const answering = modelSaying([{ tool_calls: [call("place_2", OSLO), call("place", { q: 1 })] }], { capabilities });
  const answered = await answering.client.chat.completions.create({ ...asked, tools });
  expect(answered.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: OSLO } });
  expect(answered.choices[0]?.message.tool_calls).toBeUndefined();
});

test("a model that answers in words although it was to call a tool is read all the same", async () => {
  const { client } = modelSaying([`\`\`\`json\n${OSLO}\n\`\`\``], { capabilities: { structured_outputs: false } });
  const { choices } = await client.chat.completions.create(asked);
  expect(choices[0]?.message.content).toBe(OSLO);
});

test("without strict the schema is a hint: only JSON is certain", async () => {
  const loose = { type: "json_schema" as const, json_schema: { name: "place", schema: { allOf: [] } } };
  for (const capabilities of [{}, { structured_outputs: false, tools: false }]) {
    const { post } = modelSaying(['{"anything":1}'], { capabilities });
    expect((await post("/chat/completions", { ...asked, response_format: loose })).status).toBe(200);
    const talking = modelSaying(["Sure!"], { capabilities });
    expect((await talking.post("/chat/completions", { ...asked, response_format: loose })).status).toBe(502);
  }
});

test("JSON mode has the same rungs", async () => {
  const messages = [{ role: "user" as const, content: "Answer in JSON." }];
  const json = { model: "m", messages, response_format: { type: "json_object" as const } };
  const tool = modelSaying([{ tool_calls: [call("answer", OSLO)] }], { capabilities: { json_mode: false } });
  expect((await tool.client.chat.completions.create(json)).choices[0]?.message.content).toBe(OSLO);
  const repair = modelSaying(["Well.", OSLO], { capabilities: { json_mode: false, tools: false } });
  expect((await repair.client.chat.completions.create(json)).choices[0]?.message.content).toBe(OSLO);
  expect(await emulated(tool.post("/chat/completions", json))).toBe("response_format=tool");
  expect(await emulated(repair.post("/chat/completions", json))).toBe("response_format=repair");
});

test("the client's stop sequences and token limits cut what it reads, not what is being checked", async () => {
  const { client, asked: engine } = modelSaying([OSLO], { capabilities: { structured_outputs: false, tools: false } });
  const { choices } = await client.chat.completions.create({ ...asked, stop: ',"rain"' });
  expect(choices[0]?.message.content).toBe('{"city":"Oslo"');
  expect(engine[0]).not.toHaveProperty("stop");
  const native = modelSaying(['{"city":"Oslo"']);
  expect((await native.post("/chat/completions", { ...asked, stop: "," })).status).toBe(200);
  expect((await native.post("/chat/completions", asked)).status).toBe(502);
});

test("log probabilities are refused by name where there is no telling what they would be of", async () => {
  const { post, asked: engine } = modelSaying([OSLO], { capabilities: { structured_outputs: false, tools: false } });
  const response = await post("/chat/completions", { ...asked, logprobs: true });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: "logprobs", code: "unsupported_parameter" } });
  expect(engine).toEqual([]);
});

test("every choice is repaired by itself", async () => {
  const { client } = modelSaying([WRONG, OSLO, OSLO], { capabilities: { structured_outputs: false, tools: false } });
  const { choices, usage } = await client.chat.completions.create({ ...asked, n: 2 });
  expect(choices.map(({ message }) => message.content)).toEqual([OSLO, OSLO]);
  expect(usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 15 });
});
