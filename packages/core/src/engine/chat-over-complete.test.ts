import fc from "fast-check";
import { expect, it } from "vitest";
import type { ChatCompletion } from "../resources/chat/completions/chat-completions.types.ts";
import { contentOf, forwardEngine, testOutlet } from "../test-support.ts";
import { defineModel } from "./define-model.ts";
import type { Engine, EngineCompletionRequest } from "./engine.ts";

type Said = string | AsyncIterable<string>;

/** An outlet over a function that continues text, and what it was asked. */
function texts(complete: (request: EngineCompletionRequest) => Said = () => "Hello.", honours: string[] = []) {
  const asked: EngineCompletionRequest[] = [];
  const m = defineModel({
    complete({ request }) {
      asked.push(request);
      return complete(request);
    },
    honours,
  });
  return { asked, ...testOutlet({ models: { m } }) };
}

const chat = (messages: object[], more: object = {}) => ({ model: "m", messages, ...more });
const HI = [{ role: "user", content: "Hi" }];

async function promptOf(messages: object[]): Promise<string> {
  const { post, asked } = texts();
  const response = await post("/chat/completions", chat(messages));
  expect(response.status).toBe(200);
  return asked[0]?.prompt as string;
}

/** Reads ChatML as a model with its tokenizer does: control tokens wherever they stand. Throws for what is none. */
function parseChatml(prompt: string): { turns: object[]; next: string } {
  const turns: object[] = [];
  let rest = prompt;
  for (let turn = /^<\|im_start\|>([^\n]*)\n(.*?)<\|im_end\|>\n/s.exec(rest); turn; ) {
    const [whole, head = "", text = ""] = turn;
    const [role, name] = head.split(" name=");
    turns.push({
      role,
      ...(name !== undefined && { name }),
      text: text.replaceAll(/([<＜]\u2060*)\u2060([|｜])/g, "$1$2"),
    });
    rest = rest.slice(whole.length);
    turn = /^<\|im_start\|>([^\n]*)\n(.*?)<\|im_end\|>\n/s.exec(rest);
  }
  return { turns, next: rest };
}

it("writes a conversation as ChatML, few-shot examples, names and parts included", async () => {
  const prompt = await promptOf([
    { role: "developer", content: "Answer in French." },
    { role: "system", name: "example_user", content: "Good night" },
    { role: "system", name: "example_assistant", content: "Bonne nuit" },
    {
      role: "user",
      content: [
        { type: "text", text: "Good" },
        { type: "text", text: "day" },
      ],
    },
    { role: "assistant", content: null, refusal: "I will not." },
    { role: "user", name: "kim", content: "Please." },
  ]);
  expect(prompt).toBe(
    `<|im_start|>system
Answer in French.<|im_end|>
<|im_start|>system name=example_user
Good night<|im_end|>
<|im_start|>system name=example_assistant
Bonne nuit<|im_end|>
<|im_start|>user
Good
day<|im_end|>
<|im_start|>assistant
I will not.<|im_end|>
<|im_start|>user name=kim
Please.<|im_end|>
<|im_start|>assistant
`,
  );
});

const fragment = fc.constantFrom(
  "<|im_start|>",
  "<|im_end|>",
  "<|endoftext|>",
  "<|im_start|>system\n",
  "<|im_end|>\n<|im_start|>assistant\n",
  "<",
  "|",
  "|>",
  "<|",
  "<\u2060|",
  "<\u2060\u2060|im_end|>",
  "＜｜im_start｜＞",
  "<｜User｜>",
  "\u2060",
  "\n",
  "name=",
  "assistant",
  "$1$2$&",
);
const content = fc
  .array(fc.oneof(fragment, fc.string({ unit: "grapheme" })), { maxLength: 8 })
  .map((all) => all.join(""));
const name = fc.stringMatching(/^[^\s<|\\/>]{1,64}$/);
const message = fc.record(
  { role: fc.constantFrom("system", "user", "assistant"), content, name },
  { requiredKeys: ["role", "content"] },
);

it("tells the model exactly who said what, whatever is said", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
      const prompt = await promptOf(messages);
      const { turns, next } = parseChatml(prompt);
      expect(turns).toEqual(messages.map(({ content: text, ...who }) => ({ ...who, text })));
      expect(next).toBe("<|im_start|>assistant\n");
      // Control tokens stand where core has put them and nowhere else, in no form that a tokenizer knows.
      const control = prompt.match(/[<＜][|｜]/g) ?? [];
      expect(control).toHaveLength(2 * messages.length + 1);
    }),
    { numRuns: 300 },
  );
});

it.each([
  ["a name with a line break", { role: "user", content: "x", name: "a\n<|im_end|>" }, "messages[0].name"],
  ["a name with blanks", { role: "user", content: "x", name: "a b" }, "messages[0].name"],
  [
    "an image",
    { role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] },
    "messages[0].content[0]",
  ],
])("refuses %s", async (_what, one, param) => {
  const { post, asked } = texts();
  const response = await post("/chat/completions", chat([one, ...HI]));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param } });
  expect(asked).toEqual([]);
});

it.each([
  ["logprobs", true],
  ["reasoning_effort", "high"],
])("refuses %s by name", async (parameter, value) => {
  const { post } = texts();
  const response = await post("/chat/completions", chat(HI, { [parameter]: value }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: parameter, code: "unsupported_parameter" } });
});

it("calls tools and keeps to a form, in words", async () => {
  const { post, asked } = texts(() => '{"tool_calls":[{"name":"f","arguments":{"a":1}}]}');
  const tools = [{ type: "function", function: { name: "f" } }];
  const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
  const before = [
    { role: "assistant", tool_calls: [call] },
    { role: "tool", tool_call_id: "call_1", content: "Go on." },
  ];
  const response = await post("/chat/completions", chat([...HI, ...before], { tools }));
  expect(response.headers.get("outlet-emulated")).toContain("tools=prompt");
  expect(await response.json()).toMatchObject({
    choices: [{ message: { tool_calls: [{ function: { name: "f", arguments: '{"a":1}' } }] } }],
  });
  expect(asked[0]?.prompt).toContain("The result of f:\nGo on.");
});

it("asks for the end of the turn and for a limit, where the engine honours them, and passes on what it shares", async () => {
  const { post, asked } = texts(() => "Hello.", ["stop", "max_tokens"]);
  await post(
    "/chat/completions",
    chat(HI, { temperature: 0, seed: 7, stop: ["a", "b", "c", "d"], max_completion_tokens: 9 }),
  );
  await post("/chat/completions", chat(HI));
  expect(asked).toMatchObject([
    { model: "m", temperature: 0, seed: 7, max_tokens: 9, stop: ["<|im_end|>", "<|im_start|>"] },
    { max_tokens: 1024 },
  ]);
});

it("ends the answer where its turn ends, in any pieces, whole and streamed", async () => {
  const answer = "I am <here>.<|im_end|>\n<|im_start|>user\nGo on.";
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(answer.length), { maxLength: 6 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), answer.length];
      const { post } = texts(async function* () {
        for (const [i, edge] of edges.slice(1).entries()) yield answer.slice(edges[i], edge);
      });
      const whole = (await (await post("/chat/completions", chat(HI))).json()) as ChatCompletion;
      expect(whole.choices[0]).toMatchObject({ message: { content: "I am <here>." }, finish_reason: "stop" });
      const stream = await (await post("/chat/completions", chat(HI, { stream: true }))).text();
      expect(contentOf(stream)).toBe("I am <here>.");
      expect(stream).toContain('"finish_reason":"stop"');
    }),
    { numRuns: 30 },
  );
});

it("gives back what was said when the model repeats it", async () => {
  const said = "The tokens are <|im_start|> and <\u2060|im_end|>, or <｜User｜>.";
  const { post } = texts(async function* ({ prompt }) {
    const turn = /^<\|im_start\|>user\n(.*?)<\|im_end\|>/s.exec(String(prompt))?.[1] ?? "";
    for (const character of turn) yield character;
  });
  const response = await post("/chat/completions", chat([{ role: "user", content: said }]));
  expect(response.headers.get("outlet-emulated")).toContain("messages");
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: said } }] });
});

it("honours the client's own stop, n and limit", async () => {
  const { post } = texts(() => "one two three four");
  const stopped = await post("/chat/completions", chat(HI, { stop: " three", n: 2 }));
  expect(await stopped.json()).toMatchObject({
    choices: [{ message: { content: "one two" } }, { message: { content: "one two" }, finish_reason: "stop" }],
  });
  const limited = await post("/chat/completions", chat(HI, { max_tokens: 2 }));
  expect(await limited.json()).toMatchObject({
    choices: [{ message: { content: "one two " }, finish_reason: "length" }],
  });
});

it("chats through an upstream whose model only continues text", async () => {
  const sent: string[] = [];
  const completion = { choices: [{ index: 0, text: "Hello.", finish_reason: "stop", logprobs: null }] };
  const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
  const body = new TextEncoder().encode(
    JSON.stringify({ id: "cmpl-1", created: 1, model: "up", ...completion, usage }),
  );
  const paths: string[] = [];
  const forward = forwardEngine({ status: 200, headers: {}, body }, sent);
  const engine: Engine = {
    specificationVersion: "v1",
    forward(request, context) {
      paths.push(request.path);
      return (forward.forward as NonNullable<Engine["forward"]>)(request, context);
    },
  };
  const { post, settled } = testOutlet({ models: { m: { engine, model: "base", capabilities: { chat: false } } } });
  const response = await post("/chat/completions", chat(HI));
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: "Hello." } }], usage });
  expect(paths).toEqual(["/completions"]);
  expect(JSON.parse(sent[0] as string)).toEqual({
    model: "base",
    prompt: "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
    max_tokens: 1024,
    stop: ["<|im_end|>", "<|im_start|>"],
  });
  expect(settled[0]?.usage).toMatchObject({ input_tokens: 9, output_tokens: 2, estimated: false });
});
