import OpenAI, { BadRequestError } from "openai";
import { describe, expect, test } from "vitest";
import { defineModel } from "../../../engine/define-model.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { ModelAnswer } from "../../../engine/model-functions.ts";
import type { McpConnector } from "../../../mcp/mcp-connector.ts";
import { testOutlet } from "../../../test-support.ts";
import type { ChatCompletionRequest, ChatMessage } from "../../chat/completions/chat-completions.schema.ts";

const SUMMARY = "Notes: the user is Ada.";
/** A character is a token. */
const tokenizer = {
  count: (text: string) => text.length,
  truncate: (text: string, most: number) => text.slice(0, most),
};

/** A model that sums up when it is told to, and answers otherwise; a chat that is asked for notes ends in its instructions. */
function setUp({ context_window }: { context_window?: number } = {}) {
  const asked: ChatCompletionRequest[] = [];
  const engine: Engine = {
    specificationVersion: "v1",
    chat(request) {
      asked.push(request);
      const content = isForNotes(request) ? SUMMARY : "Fine.";
      return {
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: "m",
        choices: [
          { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
        ],
        usage: { prompt_tokens: 40, completion_tokens: 8, total_tokens: 48 },
      };
    },
  };
  const window = context_window === undefined ? {} : { context_window };
  const { outlet, post } = testOutlet({ models: { m: { engine, tokenizer, ...window }, rough: engine } });
  const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "sk-any", fetch: outlet.fetch, maxRetries: 0 });
  return { client, asked, post };
}

function isForNotes({ messages }: ChatCompletionRequest): boolean {
  return /Write the notes/.test(textOf(messages.at(-1)));
}

function textOf(message: ChatMessage | undefined): string {
  return typeof message?.content === "string" ? message.content : "";
}

const textsOf = (request: ChatCompletionRequest | undefined) => (request?.messages ?? []).map(textOf);

type Items = OpenAI.Responses.ResponseInput;
const LONG: Items = [
  { role: "user", content: "I am Ada." },
  { role: "assistant", content: "x".repeat(1500) },
  { role: "user", content: "Who am I?" },
];
const MANAGED = [{ type: "compaction", compact_threshold: 1000 }];

describe("context_management", () => {
  test("compacts before the model is asked: it gets the summary and the user's last message", async () => {
    const { client, asked } = setUp();
    const first = await client.responses.create({ model: "m", input: LONG, context_management: MANAGED });
    expect(first.output.map(({ type }) => type)).toEqual(["compaction", "message"]);
    expect(first.usage).toMatchObject({ input_tokens: 80, output_tokens: 16 });
    expect(textsOf(asked[0]).slice(0, 2)).toEqual(["I am Ada.", "x".repeat(1500)]);
    expect(textsOf(asked[1])).toEqual([expect.stringMatching(new RegExp(`${SUMMARY}$`)), "Who am I?"]);

    await client.responses.create({ model: "m", input: "Sure?", previous_response_id: first.id });
    const notes = expect.stringMatching(new RegExp(`${SUMMARY}$`));
    expect(textsOf(asked[2])).toEqual([notes, "Who am I?", "Fine.", "Sure?"]);

    const kept = [...LONG, ...(first.output as Items), { role: "user", content: "Sure?" } as const];
    await client.responses.create({ model: "m", input: kept, store: false });
    expect(textsOf(asked[3])).toEqual([notes, "Who am I?", "Fine.", "Sure?"]);
  });

  test("goes on from the summary, with what tools gave after it in the same response", async () => {
    const asked: ChatMessage[][] = [];
    const replies: ModelAnswer[] = [SUMMARY, [{ tool_call: { name: "look_up", arguments: {} } }], "Ada."];
    const engine = defineModel({
      chat: ({ messages }) => {
        asked.push([...messages]);
        return replies[asked.length - 1] ?? "";
      },
      honours: ["tools"],
    });
    const session = () => ({
      listTools: async () => [
        { name: "look_up", description: null, input_schema: { type: "object" }, annotations: null },
      ],
      callTool: async () => ({ output: "found" }),
      close: async () => {},
    });
    const mcp: McpConnector = { specificationVersion: "v1", session };
    const { outlet } = testOutlet({ models: { m: { engine, tokenizer } }, mcp });
    const client = new OpenAI({ baseURL: "http://outlet/v1", apiKey: "sk-any", fetch: outlet.fetch, maxRetries: 0 });
    const response = await client.responses.create({
      model: "m",
      input: LONG,
      context_management: MANAGED,
      tools: [{ type: "mcp", server_label: "kit", server_url: "https://kit.test/mcp", require_approval: "never" }],
    });
    expect(response.output.map(({ type }) => type)).toEqual(["mcp_list_tools", "compaction", "mcp_call", "message"]);
    const [notes, question, ...rest] = asked[2] ?? [];
    expect([textOf(notes), textOf(question)]).toEqual([expect.stringContaining(SUMMARY), "Who am I?"]);
    expect(rest).toMatchObject([{ role: "assistant" }, { role: "tool", content: "found" }]);
    expect(rest).toHaveLength(2);
  });

  test("sums up what was done about the last message, too", async () => {
    const { client, asked } = setUp();
    const input: Items = [
      { role: "user", content: "Look." },
      { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "y".repeat(1500) },
    ];
    await client.responses.create({ model: "m", input, context_management: MANAGED });
    expect(asked[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(textsOf(asked[1])).toEqual([expect.stringContaining(SUMMARY), "Look."]);
  });

  test("leaves alone what is short, and what is one long message", async () => {
    const { client, asked } = setUp();
    await client.responses.create({ model: "m", input: "Hi", context_management: MANAGED });
    await client.responses.create({ model: "m", input: "z".repeat(2000), context_management: MANAGED });
    expect(asked.map(isForNotes)).toEqual([false, false]);
  });

  test("takes four fifths of the context window where no threshold is named", async () => {
    const { client, asked } = setUp({ context_window: 4000 });
    const named = { model: "m", context_management: [{ type: "compaction" }] };
    await client.responses.create({ ...named, input: LONG });
    const longer = LONG.map((item, index) =>
      index === 1 ? { role: "assistant" as const, content: "x".repeat(3200) } : item,
    );
    const error = await client.responses.create({ ...named, input: longer }).catch((reason: unknown) => reason);
    expect(asked.map(isForNotes)).toEqual([false]);
    // There is no room left to sum it up in.
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", param: "input" });
  });

  test("streams the compaction as an item of its own, and tells no word of it", async () => {
    const { client } = setUp();
    const stream = client.responses.stream({ model: "m", input: LONG, context_management: MANAGED });
    const types: string[] = [];
    stream.on("event", (event) => {
      types.push(event.type);
      expect(JSON.stringify(event)).not.toContain("Notes");
    });
    const response = await stream.finalResponse();
    expect(types.slice(2, 6)).toEqual([
      "response.output_item.added",
      "response.compaction.compacting",
      "response.output_item.done",
      "response.output_item.added",
    ]);
    expect(response.output[0]).toMatchObject({
      type: "compaction",
      encrypted_content: expect.stringMatching(/^outlet:1:/),
    });
  });

  test.each([
    [{ type: "clear" }, "context_management[0].type", "invalid_value"],
    [{ type: "compaction" }, "context_management[0].compact_threshold", "missing_required_parameter"],
    [
      { type: "compaction", compact_threshold: 999 },
      "context_management[0].compact_threshold",
      "integer_below_min_value",
    ],
  ])("refuses %j by name", async (management, param, code) => {
    const { client } = setUp();
    const asked = client.responses.create({ model: "m", input: "Hi", context_management: [management] });
    await expect(asked).rejects.toMatchObject({ status: 400, param, code });
  });
});

describe("a compaction trigger", () => {
  const trigger = { type: "compaction_trigger" } as const;

  test("gives one compaction and no answer; the user's messages stay beside it", async () => {
    const { client, asked } = setUp();
    const made = await client.responses.create({ model: "m", input: [...LONG, trigger] });
    expect(made.output.map(({ type }) => type)).toEqual(["compaction"]);
    expect(made.status).toBe("completed");
    expect(asked).toHaveLength(1);
    await client.responses.create({ model: "m", input: "Well?", previous_response_id: made.id });
    expect(textsOf(asked[1])).toEqual(["I am Ada.", "Who am I?", expect.stringContaining(SUMMARY), "Well?"]);
    const { data } = await client.responses.inputItems.list(made.id);
    expect(data.map(({ type }) => type)).toEqual(["message", "message", "message"]);
  });

  test("is the last item or refused", async () => {
    const { client } = setUp();
    const asked = client.responses.create({ model: "m", input: [trigger, ...LONG] });
    await expect(asked).rejects.toMatchObject({ status: 400, param: "input[0].type", code: "invalid_value" });
  });
});

describe("truncation", () => {
  const turns: Items = Array.from({ length: 20 }, (_, index) => [
    { role: "user" as const, content: `Question ${index}: ${"q".repeat(80)}` },
    { role: "assistant" as const, content: `Answer ${index}: ${"a".repeat(80)}` },
  ]).flat();

  test("leaves out as many of the first items as it must, and no more", async () => {
    const { client, asked, post } = setUp({ context_window: 1000 });
    const input = [...turns, { role: "user", content: "And now?" } as const];
    const body = { model: "m", input, instructions: "Be brief.", truncation: "auto" };
    const reply = await post("/responses", body);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("outlet-emulated")).toContain("truncation");
    const texts = textsOf(asked[0]);
    expect(texts[0]).toBe("Be brief.");
    expect(texts.at(-1)).toBe("And now?");
    const size = (messages: readonly ChatMessage[]) =>
      messages.reduce((sum, message) => sum + 3 + message.role.length + textOf(message).length, 3);
    const used = size(asked[0]?.messages ?? []);
    expect(used).toBeLessThanOrEqual(1000);
    expect(used + 3 + "assistant".length + 91).toBeGreaterThan(1000);
    await expect(client.responses.create({ model: "m", input })).rejects.toMatchObject({
      code: "context_length_exceeded",
    });
  });

  test("keeps calls with their outputs", async () => {
    const { client, asked } = setUp({ context_window: 400 });
    const calls: Items = Array.from({ length: 6 }, (_, index) => [
      { type: "function_call" as const, call_id: `call_${index}`, name: "look", arguments: "{}" },
      { type: "function_call_output" as const, call_id: `call_${index}`, output: "o".repeat(60) },
    ]).flat();
    const input = [...calls, { role: "user", content: "Well?" } as const];
    await client.responses.create({ model: "m", input, truncation: "auto" });
    const [first, ...rest] = asked[0]?.messages ?? [];
    expect(first?.role).toBe("assistant");
    expect(rest.at(-1)?.role).toBe("user");
    expect((asked[0]?.messages.length ?? 0) % 2).toBe(1);
  });

  test("leaves the user's last message, and refuses it when it is too long by itself", async () => {
    const { client } = setUp({ context_window: 100 });
    const input = [...turns, { role: "user", content: "w".repeat(200) } as const];
    const asked = client.responses.create({ model: "m", input, truncation: "auto" });
    await expect(asked).rejects.toMatchObject({ status: 400, code: "context_length_exceeded", param: "input" });
  });

  test.each(["m", "rough"])("is refused by name where nobody can count: %s", async (model) => {
    const { client } = setUp();
    const error = await client.responses.create({ model, input: "Hi", truncation: "auto" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param: "truncation", code: "unsupported_parameter" });
  });
});
