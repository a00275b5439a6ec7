import fc, { type Arbitrary } from "fast-check";
import { imageUrl, pdf } from "./media.ts";
import { anyText, name } from "./text.ts";
import { choice, NO_PROPERTIES, objectSchema, type Round, rounds, tools } from "./tools.ts";

// Items and requests of Responses that every chat model can be asked for.

type Json = Record<string, unknown>;

/** What is said, called and given back, in an order that a conversation may have. */
export const items: Arbitrary<Json[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: message("user", inputContent()).map((item) => [item]) },
      { weight: 2, arbitrary: message("assistant", outputContent()).map((item) => [item]) },
      { weight: 1, arbitrary: message("developer", inputContent()).map((item) => [item]) },
      { weight: 1, arbitrary: message("system", anyText).map((item) => [item]) },
      { weight: 2, arbitrary: fc.tuple(fc.nat(), rounds).map(([at, round]) => calls(round, at)) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((turns) => turns.flat());

function message(role: string, content: Arbitrary<unknown>): Arbitrary<Json> {
  return fc.record(
    { type: fc.constant("message"), role: fc.constant(role), content },
    { requiredKeys: ["role", "content"] },
  );
}

function inputContent(): Arbitrary<unknown> {
  const part = fc.oneof(
    anyText.map((text) => ({ type: "input_text", text })),
    fc.tuple(imageUrl, fc.constantFrom("auto", "low", "high")).map(([image_url, detail]) => ({
      type: "input_image",
      image_url,
      detail,
    })),
    pdf.map((file_data) => ({ type: "input_file", file_data, filename: "a.pdf" })),
  );
  return fc.oneof(anyText, fc.array(part, { minLength: 1, maxLength: 3 }));
}

function outputContent(): Arbitrary<unknown> {
  const part = fc.oneof(
    anyText.map((text) => ({ type: "output_text", text, annotations: [] })),
    anyText.map((refusal) => ({ type: "refusal", refusal })),
  );
  return fc.oneof(anyText, fc.array(part, { minLength: 1, maxLength: 3 }));
}

/** Each call and, after all of them, what each gave. */
function calls(round: readonly Round[], at: number): Json[] {
  const id = (index: number) => `call_${at}_${index}`;
  const made = round.map(({ tool, given }, index) =>
    tool.type === "function"
      ? { type: "function_call", call_id: id(index), name: tool.name, arguments: given }
      : { type: "custom_tool_call", call_id: id(index), name: tool.name, input: given },
  );
  const gave = round.map(({ tool, result }, index) => ({
    type: tool.type === "function" ? "function_call_output" : "custom_tool_call_output",
    call_id: id(index),
    output: result,
  }));
  return [...made, ...gave];
}

/** What stands in a request for itself, and is a schema's to make. */
export const RESPONSE_INDEPENDENT = [
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "model",
  "prompt_cache_key",
  "safety_identifier",
  "store",
  "temperature",
  "top_p",
  "user",
];

export const response: Arbitrary<Json> = fc
  .tuple(input(), tooling(), format(), streaming())
  .map((parts) => Object.assign({}, ...parts));

/** Some formats insist on the word. */
function input(): Arbitrary<Json> {
  const asked = { role: "user", content: "Answer in JSON." };
  return fc.oneof(
    fc.constant({ input: "Answer in JSON." }),
    items.map((list) => ({ input: [...list, asked] })),
  );
}

function tooling(): Arbitrary<Json> {
  return fc.tuple(tools, objectSchema, fc.boolean()).chain(([offered, parameters, parallel_tool_calls]) =>
    choice(offered).map((chosen) => {
      if (offered.length === 0) return {};
      const tool_choice = typeof chosen === "object" ? { type: chosen.type, name: chosen.name } : chosen;
      const list = offered.map((tool) => (tool.type === "function" ? { ...tool, parameters, strict: true } : tool));
      return { tools: list, tool_choice, parallel_tool_calls };
    }),
  );
}

function format(): Arbitrary<Json> {
  const strict = name.map((schemaName) => ({
    type: "json_schema",
    name: schemaName,
    schema: NO_PROPERTIES,
    strict: true,
  }));
  const kind = fc.oneof(fc.constantFrom<Json>({ type: "text" }, { type: "json_object" }), strict);
  return fc.oneof(
    fc.constant({}),
    kind.map((chosen) => ({ text: { format: chosen } })),
  );
}

function streaming(): Arbitrary<Json> {
  return fc.constantFrom<Json>(
    {},
    { stream: false },
    { stream: true },
    { stream: true, stream_options: { include_obfuscation: true } },
  );
}
