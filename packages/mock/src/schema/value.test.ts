import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { ask, start } from "../test-support.ts";

const ajv = new Ajv2020({ strict: false });
ajv.addFormat("date", /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
ajv.addFormat("date-time", {
  validate: (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text)),
});
ajv.addFormat("email", /^[^@\s]+@[^@\s]+\.[a-z]+$/);
ajv.addFormat("uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
ajv.addFormat("uri", { validate: (text: string) => URL.canParse(text) });

const object = (properties: object, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

const SCHEMAS: Record<string, Record<string, unknown>> = {
  "every plain type": object({
    text: { type: "string" },
    count: { type: "integer" },
    price: { type: "number" },
    open: { type: "boolean" },
    nothing: { type: "null" },
    tags: { type: "array", items: { type: "string" } },
    nested: object({ deep: object({ deeper: { type: "string" } }) }),
  }),
  bounds: object({
    a: { type: "integer", minimum: 100, maximum: 102 },
    b: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.001 },
    c: { type: "integer", multipleOf: 7, minimum: 50 },
    d: { type: "number", multipleOf: 0.05, minimum: 0.2, maximum: 0.4 },
    e: { type: "integer", maximum: -5 },
    f: { type: "string", minLength: 40, maxLength: 42 },
    g: { type: "string", maxLength: 2 },
    h: { type: "array", items: { type: "integer" }, minItems: 5, maxItems: 6 },
    i: { type: "array", items: { enum: ["x", "y", "z"] }, uniqueItems: true, minItems: 3 },
    j: { type: "array", items: { type: "string" }, maxItems: 0 },
    k: { type: "integer", exclusiveMinimum: 3, exclusiveMaximum: 5 },
  }),
  formats: object({
    a: { type: "string", format: "date" },
    b: { type: "string", format: "date-time" },
    c: { type: "string", format: "email" },
    d: { type: "string", format: "uuid" },
    e: { type: "string", format: "uri" },
  }),
  patterns: object({
    a: { type: "string", pattern: "^[A-Z]{3}-\\d{4}$" },
    b: { type: "string", pattern: "^(foo|ba[rz])+$" },
    c: { type: "string", pattern: "\\d" },
    d: { type: "string", pattern: "^[^a-z]{2,3}$" },
    e: { type: "string", pattern: "^\\w+@\\w+\\.(com|org)$", minLength: 15 },
    f: { type: "string", pattern: "^\\+?[1-9]\\d{6,14}$" },
  }),
  choices: object({
    a: { enum: ["red", "green", 3, null] },
    b: { const: { fixed: [1, 2] } },
    c: { anyOf: [{ type: "null" }, { type: "integer", minimum: 5 }] },
    d: {
      oneOf: [
        object({ kind: { const: "circle" }, radius: { type: "number", minimum: 1 } }),
        object({ kind: { const: "square" }, side: { type: "number" } }),
      ],
    },
    e: { type: ["string", "null"] },
    f: {
      allOf: [
        { type: "object", properties: { x: { type: "string" } }, required: ["x"] },
        { properties: { y: { type: "integer" } }, required: ["y"] },
      ],
    },
    g: {
      anyOf: [{ required: ["p"] }, { required: ["q"] }],
      type: "object",
      properties: { p: { type: "string" }, q: { type: "integer" } },
    },
  }),
  "references that recur": object(
    {
      tree: { $ref: "#/$defs/node" },
      list: { $ref: "#/$defs/list" },
      self: { anyOf: [{ $ref: "#" }, { type: "null" }] },
    },
    {
      $defs: {
        node: object({ name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } }),
        list: object({ head: { type: "integer" }, tail: { anyOf: [{ $ref: "#/$defs/list" }, { type: "null" }] } }),
      },
    },
  ),
  "open objects": { type: "object", additionalProperties: { type: "integer" }, minProperties: 3, required: ["must"] },
  tuples: object({
    pair: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 },
  }),
};

describe("json_schema", () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`answers with JSON that fits: ${name}`, async () => {
      const { client } = await start();
      const validate = ajv.compile(schema);
      for (const message of [
        "",
        "Draw a circle in Berlin on 2024-05-06 for ada@example.org, 7 times",
        "Écoute 🤖 “quoted words”",
      ]) {
        const response_format = { type: "json_schema", json_schema: { name: "it", schema } };
        const value: unknown = JSON.parse(await ask(client, message, { response_format }));
        expect(validate(value), JSON.stringify({ value, errors: validate.errors })).toBe(true);
      }
    });
  }

  it("takes values from the message where they fit", async () => {
    const { client } = await start();
    const schema = object({
      city: { type: "string" },
      when: { type: "string", format: "date" },
      guests: { type: "integer", maximum: 10 },
      shape: { type: "string", enum: ["square", "circle"] },
    });
    const response_format = { type: "json_schema", json_schema: { name: "it", strict: true, schema } };
    const text = await ask(client, "A circle table in Berlin on 2024-05-06 for 4 guests", { response_format });
    expect(JSON.parse(text)).toEqual({ city: "Berlin", when: "2024-05-06", guests: 4, shape: "circle" });
    expect(await ask(client, "A circle table in Berlin on 2024-05-06 for 4 guests", { response_format })).toBe(text);
  });

  it("answers json_object with an object", async () => {
    const { client } = await start();
    const value = JSON.parse(
      await ask(client, "Answer in JSON: what are tides?", { response_format: { type: "json_object" } }),
    );
    expect(value).toMatchObject({ answer: expect.any(String) });
  });
});
