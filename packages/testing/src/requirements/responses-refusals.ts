import { ok, RESPONSES, refused, responseBody } from "../kit/ask.ts";
import type { ExpectedError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createResponse"];
const reference = PAGES.responses;

const message = (content: unknown) => [{ role: "user", content }];

/** Bodies that are refused before a model is asked, with what names the mistake. */
const WRONG: readonly [more: Record<string, unknown>, param: string, code?: string][] = [
  [{ input: undefined }, "input", "missing_required_parameter"],
  [{ model: undefined }, "model", "missing_required_parameter"],
  [{ temprature: 1 }, "temprature", "unknown_parameter"],
  [{ input: 5 }, "input", "invalid_type"],
  [{ input: [{ type: "nonsense" }] }, "input[0].type", "invalid_value"],
  [{ input: message([{ type: "input_text" }]) }, "input[0].content[0].text", "missing_required_parameter"],
  [{ input: message([{ type: "output_text", text: "x" }]) }, "input[0].content[0].type", "invalid_value"],
  [{ input: message([{ type: "input_image" }]) }, "input[0].content[0].image_url", "missing_required_parameter"],
  [{ max_output_tokens: 15 }, "max_output_tokens", "integer_below_min_value"],
  [{ temperature: 3 }, "temperature"],
  [{ top_logprobs: 21 }, "top_logprobs", "integer_above_max_value"],
  [{ metadata: { k: "v".repeat(513) } }, "metadata.k", "string_above_max_length"],
  [{ include: ["nonsense"] }, "include[0]", "invalid_value"],
  [{ text: { format: { type: "json_schema", name: "x" } } }, "text.format.schema", "missing_required_parameter"],
  [{ tools: [{ type: "function", name: "not a name!" }] }, "tools[0].name"],
  [{ tools: [{ type: "nonsense" }] }, "tools[0].type", "invalid_value"],
  [{ tool_choice: "required" }, "tool_choice"],
  [{ stream_options: { include_obfuscation: false } }, "stream_options"],
  [{ conversation: "conv_1", previous_response_id: "resp_1" }, "previous_response_id", "mutually_exclusive_parameters"],
];

const image = (image_url: string) => message([{ type: "input_image", image_url }]);
const IMAGE_URL = "input[0].content[0].image_url";

/** Pictures and files that are none, or that only a server with files has. */
const MEDIA: readonly [input: unknown, param: string][] = [
  [image("a.png"), IMAGE_URL],
  [image("data:image/png;base64,iVBORw0K*Go="), IMAGE_URL],
  [image("data:image/png;base64,SGVsbG8="), IMAGE_URL],
  [message([{ type: "input_file", file_data: "data:text/plain;base64,SGVsbG8=" }]), "input[0].content[0].file_data"],
  [message([{ type: "input_file", file_id: "file-1" }]), "input[0].content[0].file_id"],
];

const openObject = { type: "object", properties: { x: { type: "string" } }, required: ["x"] };
const strictFunction = { type: "function", name: "f", strict: true };

/** Formats and tools that cannot be honoured. */
const FORMATS: readonly [more: Record<string, unknown>, expected: Omit<ExpectedError, "status">][] = [
  [{ text: { format: { type: "json_object" } } }, { param: "input", message: /must contain the word 'json'/ }],
  [
    { text: { format: { type: "json_schema", name: "n", strict: true, schema: openObject } } },
    { param: "text.format.schema", code: "invalid_json_schema", message: /Invalid schema for response_format 'n'/ },
  ],
  [
    { tools: [{ ...strictFunction, parameters: openObject }] },
    { param: "tools[0].parameters", code: "invalid_function_parameters", message: /Invalid schema for function 'f'/ },
  ],
  [
    {
      tools: [
        { ...strictFunction, strict: false },
        { type: "custom", name: "f" },
      ],
    },
    { param: "tools[1].name", message: /unique/ },
  ],
];

/** What only a model with Responses of its own can do. */
const UNSUPPORTED: readonly [more: Record<string, unknown>, param: string][] = [
  [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
  [{ tools: [{ type: "file_search", vector_store_ids: ["vs_1"] }] }, "tools[0].type"],
  [{ tools: [{ type: "code_interpreter", container: { type: "auto" } }] }, "tools[0].type"],
  [{ tools: [{ type: "image_generation" }] }, "tools[0].type"],
  [{ tools: [{ type: "shell" }] }, "tools[0].type"],
  [{ prompt: { id: "pmpt_1" } }, "prompt"],
  [{ reasoning: { summary: "detailed" } }, "reasoning.summary"],
  [{ input: [{ type: "image_generation_call", id: "ig_1", result: null, status: "failed" }] }, "input[0]"],
];

export const responsesRefusalsRequirements: readonly Requirement[] = [
  {
    id: "responses.refusals.formats",
    title: "Schemas that `strict` does not allow, `json_object` that is not talked of and tools of one name are 400s.",
    reference: PAGES.responses,
    operations,
    async run(context) {
      for (const [more, expected] of FORMATS) {
        await refused(context, { path: RESPONSES, body: responseBody(more) }, { status: 400, ...expected });
      }
    },
  },
  {
    id: "responses.refusals",
    title: "What is missing, unknown, of a wrong type or out of its range is a 400 that names it by its path.",
    reference,
    operations,
    async run(context) {
      for (const [more, param, code] of WRONG) {
        const expected: ExpectedError = { status: 400, param, ...(code !== undefined && { code }) };
        await refused(context, { path: RESPONSES, body: responseBody(more) }, expected);
      }
    },
  },
  {
    id: "responses.refusals.media",
    title: "Images and files that are none are 400s that name the part, whether the input is answered or counted.",
    reference: PAGES.vision,
    operations: [...operations, "Getinputtokencounts"],
    async run(context) {
      for (const [input, param] of MEDIA) {
        await refused(context, { path: RESPONSES, body: responseBody({ input }) }, { status: 400, param });
        const { model } = responseBody({});
        const counted = { path: `${RESPONSES}/input_tokens`, body: { model, input } };
        await refused(context, counted, { status: 400, param });
      }
    },
  },
  {
    id: "responses.refusals.blind-model",
    title: "An image for a model that does not see is a 400 that names the part; text is answered.",
    reference: PAGES.vision,
    operations,
    async run(context) {
      const text = { type: "input_text", text: "x" };
      const input = [
        { role: "user", content: [text, { type: "input_image", image_url: "https://example.com/a.png" }] },
      ];
      const body = responseBody({ model: MODELS.blind, input });
      const message = /^Invalid content type\. input_image is only supported by certain models\.$/;
      await refused(context, { path: RESPONSES, body }, { status: 400, param: "input[0].content[1]", message });
      await ok(context, RESPONSES, responseBody({ model: MODELS.blind, input: "x" }));
    },
  },
  {
    id: "responses.unsupported",
    title: "What a model cannot do is refused by name, hosted tools among it; nothing is dropped in silence.",
    reference,
    operations,
    async run(context) {
      for (const model of [MODELS.chat, MODELS.engine]) {
        for (const [more, param] of UNSUPPORTED) {
          const request = { path: RESPONSES, body: responseBody({ model, ...more }) };
          await refused(context, request, { status: 400, param, message: /not supported/ });
        }
      }
    },
  },
  {
    id: "responses.orphans",
    title: "An output without its call, and a call without its output, are 400s that give the call's id.",
    reference: PAGES.functionCalling,
    operations,
    async run(context) {
      const call = { type: "function_call", call_id: "call_1", name: "weather", arguments: "{}" };
      const output = { type: "function_call_output", call_id: "call_2", output: "Rain" };
      const refuse = (input: unknown, message: RegExp) =>
        refused(context, { path: RESPONSES, body: responseBody({ input }) }, { status: 400, param: "input", message });
      await refuse([output], /No tool call found for function call output with call_id call_2\./);
      await refuse([call], /No tool output found for function call call_1\./);
      await refuse([call, output], /No tool call found .* call_2\./);
    },
  },
];
