import { expect, test } from "vitest";
import { mismatch } from "./mismatch.ts";
import type { JsonSchema } from "./schema.ts";

const object = (properties: object, more: object = {}): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const of = (schema: object): JsonSchema => object({ v: schema });
const list = object({ value: { type: "integer" }, next: { anyOf: [{ $ref: "#" }, { type: "null" }] } });

test.each<[JsonSchema, unknown]>([
  [of({ type: "string" }), { v: "x" }],
  [of({ type: "integer" }), { v: 3 }],
  [of({ type: ["number", "null"] }), { v: null }],
  [of({ type: "number", multipleOf: 0.1 }), { v: 0.3 }],
  [of({ type: "string", minLength: 2, maxLength: 2 }), { v: "😀😀" }],
  [
    of({
      enum: [{ a: [1] }],
      type: "object",
      additionalProperties: false,
      properties: { a: { type: "array", items: { type: "integer" } } },
      required: ["a"],
    }),
    { v: { a: [1] } },
  ],
  [list, { value: 1, next: { value: 2, next: null } }],
  [of({ type: "string", format: "date-time" }), { v: "2026-02-28T23:59:60Z" }],
  [of({ type: "string", format: "duration" }), { v: "P3DT4H" }],
  [of({ type: "string", format: "email" }), { v: "ann@example.com" }],
  [of({ type: "string", format: "hostname" }), { v: "a-b.example.com" }],
  [of({ type: "string", format: "ipv4" }), { v: "127.0.0.1" }],
  [of({ type: "string", format: "ipv6" }), { v: "2001:db8::1:127.0.0.1" }],
  [of({ type: "string", format: "time" }), { v: "12:30:00" }],
  [of({ type: "string", format: "uuid" }), { v: "123e4567-e89b-12d3-a456-426614174000" }],
])("has nothing against a value that fits (%#)", (schema, value) => {
  expect(mismatch(schema, value)).toBeUndefined();
});

test.each<[JsonSchema, unknown, string, string]>([
  [of({ type: "string" }), { v: 1 }, "v", "expected a string, but got a number"],
  [of({ type: "string" }), {}, "v", "missing"],
  [of({ type: "string" }), { v: "x", w: 1 }, "", "has a property that the schema does not have"],
  [of({ type: "string" }), JSON.parse('{"v":"x","__proto__":1}'), "", "has a property that the schema does not have"],
  [of({ type: "integer" }), { v: 1.5 }, "v", "expected an integer, but got a number"],
  [
    of({ type: "array", items: of({ type: "null" }) }),
    { v: [{ v: null }, { v: 0 }] },
    "v[1].v",
    "expected null, but got a number",
  ],
  [of({ type: "array", items: { type: "null" }, minItems: 1 }), { v: [] }, "v", "expected at least 1 items"],
  [of({ type: "array", items: { type: "null" }, maxItems: 1 }), { v: [null, null] }, "v", "expected at most 1 items"],
  [of({ type: "number", minimum: 2 }), { v: 1 }, "v", "expected a number >= 2"],
  [of({ type: "number", maximum: 2 }), { v: 3 }, "v", "expected a number <= 2"],
  [of({ type: "number", exclusiveMinimum: 2 }), { v: 2 }, "v", "expected a number > 2"],
  [of({ type: "number", exclusiveMaximum: 2 }), { v: 2 }, "v", "expected a number < 2"],
  [of({ type: "number", multipleOf: 0.1 }), { v: 0.35 }, "v", "expected a multiple of 0.1"],
  [of({ type: "string", minLength: 3 }), { v: "😀😀" }, "v", "expected at least 3 characters"],
  [of({ type: "string", maxLength: 1 }), { v: "ab" }, "v", "expected at most 1 characters"],
  [of({ type: "string", pattern: "^a+$" }), { v: "ab" }, "v", "expected a text that matches ^a+$"],
  [of({ type: "string", enum: ["a", "b"] }), { v: "c" }, "v", 'expected one of ["a","b"]'],
  [of({ type: "string", const: "a" }), { v: "c" }, "v", 'expected "a"'],
  [list, { value: 1, next: { value: "2", next: null } }, "next.value", "expected an integer, but got a string"],
  [
    of({ anyOf: [{ type: "string" }, { type: "null" }] }),
    { v: 1 },
    "v",
    "expected a string, but got a number, or expected null, but got a number",
  ],
  [of({ type: "string", format: "date" }), { v: "2026-02-30" }, "v", "expected the format 'date'"],
  [of({ type: "string", format: "ipv6" }), { v: "1::2::3" }, "v", "expected the format 'ipv6'"],
  [of({ type: "string", format: "hostname" }), { v: "-a.example" }, "v", "expected the format 'hostname'"],
])("tells where a value does not fit and what was expected (%#)", (schema, value, path, message) => {
  expect(mismatch(schema, value)).toEqual({ path, message });
});

test("alternatives within alternatives take no more time than there are of them", () => {
  const branch = object({ a: { $ref: "#/$defs/node" } });
  const schema = object(
    { a: { $ref: "#/$defs/node" } },
    { $defs: { node: { anyOf: [branch, { ...branch }, { type: "null" }] } } },
  );
  let value: object | number = 1;
  for (let i = 0; i < 50; i++) value = { a: value };
  expect(mismatch(schema, value)?.path).toBe(Array.from({ length: 50 }, () => "a").join("."));
});

test("what is nested too deeply, or too much, is a mismatch and not a crash", () => {
  let value: object | null = null;
  for (let i = 0; i < 50_000; i++) value = { value: 1, next: value };
  expect(mismatch(list, value)?.message).toMatch(/nested too deeply/);
  const many = of({ type: "array", items: { type: "integer" } });
  expect(mismatch(many, { v: Array.from({ length: 600_000 }, () => 1) })?.message).toBe("too much to be checked");
  const slow = of({ type: "array", items: { type: "string", pattern: "^(a|a)*$" } });
  expect(mismatch(slow, { v: Array.from({ length: 1000 }, () => "a".repeat(1000)) })?.message).toMatch(/matches/);
});
