import { expect, test } from "vitest";
import { strictSchemaProblem } from "./strict-subset.ts";

const object = (properties: object, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const text = { type: "string" };
const nested = (levels: number): object => (levels === 1 ? object({ a: text }) : object({ a: nested(levels - 1) }));
const many = (count: number, value: object = text) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, value]));
const words = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => String(i).padStart(length, "0"));

test.each([
  object({}),
  object({ a: { type: ["string", "null"] }, b: { type: "array", items: { type: "integer", minimum: 1 } } }),
  object(
    { a: { anyOf: [text, { type: "null" }] }, b: { $ref: "#/$defs/b" } },
    { $defs: { b: { type: "string", enum: ["x"] } } },
  ),
  object({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, { $schema: "https://json-schema.org/draft-07" }),
  object(
    { tree: { $ref: "#/definitions/a~1b" } },
    { definitions: { "a/b": object({ left: { $ref: "#/definitions/a~1b" } }) } },
  ),
  object({
    at: { type: "string", format: "date-time", pattern: "^2", description: "when", title: "At", default: "x" },
  }),
  nested(10),
  object(many(5000)),
  object({ a: { type: "string", enum: words(250, 400) } }),
])("has nothing against a schema of the subset (%#)", (schema) => {
  expect(strictSchemaProblem(schema)).toBeUndefined();
});

test.each([
  [undefined, `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`],
  [{ type: "array", items: text }, `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`],
  [object({}, { anyOf: [] }), "In context=(), 'anyOf' is not permitted."],
  [{ type: "object" }, "In context=(), 'additionalProperties' is required to be supplied and to be false."],
  [
    object({ a: { type: "object", properties: {}, additionalProperties: true } }),
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    object({ a: text }, { required: [] }),
    "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'a'.",
  ],
  [
    object({ a: text }, { required: ["a", "b"] }),
    "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Extra required key 'b' supplied.",
  ],
  [object({ a: { allOf: [text] } }), "In context=('properties', 'a'), 'allOf' is not permitted."],
  [
    object({ a: { anyOf: [text, { type: "array", items: { type: "string", format: "uri" } }] } }),
    "In context=('properties', 'a', 'anyOf', '1', 'items'), 'uri' is not a valid format.",
  ],
  [object({ a: {} }), "In context=('properties', 'a'), schema must have a 'type' key."],
  [object({ a: { type: "text" } }), "In context=('properties', 'a'), 'text' is not a valid type."],
  [object({ a: { type: "array" } }), "In context=('properties', 'a'), array schema missing items."],
  [object({ a: true }), "In context=('properties', 'a'), schema must be an object."],
  [
    object({ a: { $ref: "#/$defs/b", description: "x" } }, { $defs: { b: text } }),
    "In context=('properties', 'a'), $ref cannot have keywords {'description'}.",
  ],
  [
    object({ a: { $ref: "#/properties/b" }, b: text }),
    "In context=('properties', 'a'), reference can only point to definitions defined at the top level of the schema.",
  ],
  [
    object({ a: text }, { $defs: { a: { $ref: "#/$defs/b" }, b: { anyOf: [text, { $ref: "#/$defs/a" }] } } }),
    "In context=('$defs', 'a'), the definition refers to itself and nothing else.",
  ],
  [
    object({ a: { type: "string", minLength: -1 } }),
    "In context=('properties', 'a'), 'minLength' must be an integer that is not negative.",
  ],
  [object({ a: { type: "string", enum: [] } }), "In context=('properties', 'a'), 'enum' must be a list of values."],
  [
    object({ a: { type: "string", pattern: "(a)\\1" } }),
    "In context=('properties', 'a'), 'pattern' is not a regular expression that is supported: it refers back to what it has matched.",
  ],
  [nested(11), "11 levels of nesting exceeds limit of 10."],
  [object(many(5001)), "5001 parameters exceeds limit of 5000."],
  [
    object({ a: { type: "string", enum: words(1001, 4) } }),
    "Expected at most 1000 enum values in total within a single schema when using structured outputs, but received 1001. Consider reducing the number of enums, or opt out of structured outputs by setting 'strict: false'.",
  ],
  [
    object({ a: { type: "string", enum: words(251, 60) } }),
    "Expected at most 15000 total characters across enum values when there are more than 250 enum values, but received 15060. Consider reducing the number of enums, or opt out of structured outputs by setting 'strict: false'.",
  ],
  [
    object({ ["x".repeat(120_001)]: text }),
    "Expected at most 120000 characters of names and values in total within a single schema, but received 120001.",
  ],
])("names what is wrong and where (%#)", (schema, problem) => {
  expect(strictSchemaProblem(schema)).toBe(problem);
});
