import fc, { type Arbitrary } from "fast-check";
import { textOf } from "./valid/text.ts";

/** The parts of JSON Schema that the operations' schemas use. */
export interface JsonSchema {
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/** Values that the schema allows, small ones mostly. */
export function fromSchema(schema: JsonSchema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return fc.oneof(...branches.map(fromSchema));
  if (typeof schema.type === "object") return fc.oneof(...schema.type.map((type) => fromSchema({ ...schema, type })));
  switch (schema.type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: Math.max(schema.minimum ?? -1e6, -1e6), max: Math.min(schema.maximum ?? 1e6, 1e6) });
    case "number":
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case "string":
      return text(schema);
    case "array":
      return fc.array(fromSchema(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "object":
      return object(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function text({ minLength = 0, maxLength = 40, pattern }: JsonSchema): Arbitrary<string> {
  if (pattern) return fc.string({ unit: fc.constantFrom(..."aZ09_-."), minLength: 1, maxLength: 64 });
  return textOf(minLength, Math.min(maxLength, 40));
}

function object({ properties, required = [], additionalProperties, propertyNames }: JsonSchema): Arbitrary<unknown> {
  if (properties) {
    const fields = Object.entries(properties).map(([name, property]) => [name, fromSchema(property)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  }
  const values = typeof additionalProperties === "object" ? fromSchema(additionalProperties) : fc.jsonValue();
  return fc.dictionary(text({ maxLength: 20, ...propertyNames }), values, { maxKeys: 4, noNullPrototype: true });
}
