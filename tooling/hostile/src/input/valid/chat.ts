import fc, { type Arbitrary } from "fast-check";
import { imageUrl, pdf, sound } from "./media.ts";
import { anyText, name } from "./text.ts";
import { choice, NO_PROPERTIES, objectSchema, type Round, rounds, type Tool, tools } from "./tools.ts";

// Chats whose parts belong together: chance alone brings no call and its result, no tool and its choice into one request.

type Json = Record<string, unknown>;

const text = anyText.map((value) => ({ type: "text", text: value }));

/** What goes with nothing else in a request, and is a schema's to make. */
export const CHAT_DEPENDENT = [
  "messages",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
  "response_format",
  "stream",
  "stream_options",
  "logprobs",
  "top_logprobs",
  "max_tokens",
  "max_completion_tokens",
  "moderation",
];

export const chat: Arbitrary<Json> = fc
  .tuple(messages(), tooling(), format(), streaming(), logprobs(), length())
  .map(([said, ...others]) => ({
    // Some formats insist on the word.
    messages: [...said, { role: "user", content: "Answer in JSON." }],
    ...Object.assign({}, ...others),
  }));

function messages(): Arbitrary<Json[]> {
  const turn = fc.oneof(
    { weight: 3, arbitrary: said("user", userContent()).map((message) => [message]) },
    { weight: 2, arbitrary: said("assistant", assistantContent()).map((message) => [message]) },
    { weight: 1, arbitrary: said("system", textContent()).map((message) => [message]) },
    { weight: 1, arbitrary: said("developer", textContent()).map((message) => [message]) },
    { weight: 2, arbitrary: rounds.map(toolMessages) },
  );
  return fc.array(turn, { maxLength: 5 }).map((turns) => turns.flat());
}

function said(role: string, content: Arbitrary<unknown>): Arbitrary<Json> {
  return fc.record({ role: fc.constant(role), content, name }, { requiredKeys: ["role", "content"] });
}

function textContent(): Arbitrary<unknown> {
  return fc.oneof(anyText, fc.array(text, { minLength: 1, maxLength: 3 }));
}

function userContent(): Arbitrary<unknown> {
  const part = fc.oneof(
    text,
    fc
      .record({ url: imageUrl, detail: fc.constantFrom("auto", "low", "high") }, { requiredKeys: ["url"] })
      .map((image_url) => ({ type: "image_url", image_url })),
    sound.map((input_audio) => ({ type: "input_audio", input_audio })),
    pdf.map((file_data) => ({ type: "file", file: { file_data, filename: "a.pdf" } })),
  );
  return fc.oneof(anyText, fc.array(part, { minLength: 1, maxLength: 4 }));
}

function assistantContent(): Arbitrary<unknown> {
  const refusal = anyText.map((value) => ({ type: "refusal", refusal: value }));
  return fc.oneof(anyText, fc.array(fc.oneof(text, refusal), { minLength: 1, maxLength: 3 }));
}

/** The assistant's calls, and right after them a result for each. */
function toolMessages(round: Round[]): Json[] {
  const tool_calls = round.map(({ tool, given }, index) => ({
    id: `call_${index}`,
    type: tool.type,
    [tool.type]: { name: tool.name, [tool.type === "function" ? "arguments" : "input"]: given },
  }));
  const results = round.map(({ result }, index) => ({ role: "tool", tool_call_id: `call_${index}`, content: result }));
  return [{ role: "assistant", content: null, tool_calls }, ...results];
}

function tooling(): Arbitrary<Json> {
  const written = ({ type, ...tool }: Tool & { parameters?: Json }) => ({ type, [type]: tool });
  const modern = fc.tuple(tools, objectSchema, fc.boolean()).chain(([offered, parameters, parallel]) =>
    choice(offered).map((chosen) => {
      if (offered.length === 0) return {};
      const tool_choice =
        typeof chosen === "object" ? { type: chosen.type, [chosen.type]: { name: chosen.name } } : chosen;
      const list = offered.map((tool) => written(tool.type === "function" ? { ...tool, parameters } : tool));
      return { tools: list, tool_choice, parallel_tool_calls: parallel };
    }),
  );
  const legacy = fc
    .tuple(fc.uniqueArray(name, { minLength: 1, maxLength: 2 }), objectSchema, fc.constantFrom("none", "auto"))
    .map(([names, parameters, function_call]) => ({
      functions: names.map((functionName) => ({ name: functionName, parameters })),
      function_call,
    }));
  return fc.oneof({ weight: 3, arbitrary: modern }, { weight: 1, arbitrary: legacy });
}

function format(): Arbitrary<Json> {
  const strict = name.map((schemaName) => ({
    type: "json_schema",
    json_schema: { name: schemaName, schema: NO_PROPERTIES, strict: true },
  }));
  const kind = fc.oneof(fc.constantFrom<Json>({ type: "text" }, { type: "json_object" }), strict);
  return fc.oneof(
    fc.constant({}),
    kind.map((response_format) => ({ response_format })),
  );
}

function streaming(): Arbitrary<Json> {
  return fc.oneof(
    fc.constantFrom<Json>({}, { stream: false }, { stream: true }),
    fc.boolean().map((include_usage) => ({ stream: true, stream_options: { include_usage } })),
  );
}

function logprobs(): Arbitrary<Json> {
  return fc.oneof(
    fc.constant({}),
    fc.nat({ max: 20 }).map((top_logprobs) => ({ logprobs: true, top_logprobs })),
  );
}

function length(): Arbitrary<Json> {
  const tokens = fc.integer({ min: 1, max: 100_000 });
  return fc.oneof(
    fc.constant({}),
    tokens.map((max_tokens) => ({ max_tokens })),
    tokens.map((max_completion_tokens) => ({ max_completion_tokens })),
  );
}
