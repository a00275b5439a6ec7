import { hash } from "../hash.ts";
import { mentioned } from "./mentioned.ts";
import { numberFor } from "./number-value.ts";
import { asSchema, merge, resolve } from "./resolve.ts";
import type { JsonSchema, Place, SchemaNode, ValueSource } from "./schema.types.ts";
import { stringFor } from "./string-value.ts";

/** From here on only what a schema demands is made, so that recursive schemas come to an end. */
const SHALLOW = 4;
const MAX_DEPTH = 24;
const USUAL_ITEMS = 2;

/** A value that fits a JSON schema, the same for the same source. Words are taken from the source's text where they suit. */
export function valueFor(schema: SchemaNode | undefined, source: ValueSource): unknown {
  const root = asSchema(schema);
  return make(root, root, source, { name: "", depth: 0, index: 0 });
}

function make(node: SchemaNode | undefined, root: JsonSchema, source: ValueSource, place: Place): unknown {
  const whole = resolve(node, root);
  const schema = withBranch(whole, root, source, place);
  if (Object.hasOwn(schema, "const")) return schema.const;
  if (schema.enum && schema.enum.length > 0) return fromEnum(schema.enum, source, place);
  switch (typeOf(schema, place)) {
    case "object":
      return objectFor(schema, root, source, place);
    case "array":
      return arrayFor(schema, root, source, place);
    case "integer":
      return numberFor(schema, true, source, place);
    case "number":
      return numberFor(schema, false, source, place);
    case "boolean":
      return hash(place.name, source.seed) % 2 === 0;
    case "null":
      return null;
    default:
      return stringFor(schema, source, place);
  }
}

/** Settles `anyOf` and `oneOf`: a branch that says something, or where it is deep already, the one that ends soonest. */
function withBranch(schema: JsonSchema, root: JsonSchema, source: ValueSource, place: Place): JsonSchema {
  let settled = schema;
  for (const keyword of ["anyOf", "oneOf"] as const) {
    const branches = settled[keyword];
    if (!branches || branches.length === 0) continue;
    const { [keyword]: _, ...base } = settled;
    const options = branches.map((branch) => resolve(branch, root));
    const chosen = place.depth >= SHALLOW ? soonest(options) : (named(options, root, source) ?? substantial(options));
    settled = resolve(merge(base, chosen), root);
  }
  return settled.anyOf || settled.oneOf
    ? withBranch(settled, root, source, { ...place, depth: place.depth + 1 })
    : settled;
}

function substantial(options: readonly JsonSchema[]): JsonSchema {
  return options.find((option) => option.type !== "null" && option.const !== null) ?? options[0] ?? {};
}

/** The branch whose tag, a property with a fixed value, is in the text: `{ type: "circle" }` for "draw a circle". */
function named(options: readonly JsonSchema[], root: JsonSchema, source: ValueSource): JsonSchema | undefined {
  return options.find((option) =>
    Object.values(option.properties ?? {}).some((node) => {
      const { const: tag, enum: tags } = resolve(node, root);
      const values = tag !== undefined ? [tag] : tags?.length === 1 ? tags : [];
      return values.some((value) => typeof value === "string" && mentioned(value, source.text));
    }),
  );
}

function soonest(options: readonly JsonSchema[]): JsonSchema {
  const effort = ({ type, const: fixed, enum: values, required, minItems = 0 }: JsonSchema) => {
    if (type === "null" || fixed !== undefined || values) return 0;
    if (type === "array") return minItems;
    if (type === "object" || required) return 1 + (required?.length ?? 0);
    return type === undefined ? 2 : 0.5;
  };
  return [...options].sort((a, b) => effort(a) - effort(b))[0] ?? {};
}

function typeOf(schema: JsonSchema, { depth }: Place): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type) && type.length > 0) {
    const nullable = type.includes("null");
    if (nullable && depth >= SHALLOW && type.some((one) => one === "object" || one === "array")) return "null";
    return type.find((one) => one !== "null") ?? "null";
  }
  if (schema.properties || schema.required || schema.minProperties) return "object";
  if (schema.items || schema.prefixItems || schema.minItems) return "array";
  const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
  return bounds.some((keyword) => schema[keyword] !== undefined) ? "number" : "string";
}

function fromEnum(values: readonly unknown[], source: ValueSource, { index }: Place): unknown {
  const said = values.find((value) => typeof value === "string" && mentioned(value, source.text));
  if (said !== undefined && index === 0) return said;
  const usable = values.filter((value) => value !== null);
  return usable.length > 0 ? usable[index % usable.length] : null;
}

function objectFor(schema: JsonSchema, root: JsonSchema, source: ValueSource, place: Place): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const required = new Set(schema.required ?? []);
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    if (!required.has(name) && !wanted(node, root, source, place)) continue;
    if (place.depth >= MAX_DEPTH) continue;
    set(object, name, make(node, root, source, { name, depth: place.depth + 1, index: place.index }));
  }
  const others = [...required].filter((name) => !Object.hasOwn(object, name));
  const missing = (schema.minProperties ?? 0) - Object.keys(object).length - others.length;
  for (let i = 0; i < missing; i++) others.push(`key_${i + 1}`);
  for (const name of place.depth < MAX_DEPTH ? others : []) {
    const node = schema.additionalProperties;
    set(object, name, make(node, root, source, { name, depth: place.depth + 1, index: place.index }));
  }
  return object;
}

/** Plain assignment of a key named `__proto__` would set the prototype instead. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

function wanted(node: SchemaNode, root: JsonSchema, source: ValueSource, { depth }: Place): boolean {
  if (node === false || depth >= SHALLOW) return false;
  if (source.optional === "all") return true;
  const { enum: values } = resolve(node, root);
  return values?.some((value) => typeof value === "string" && mentioned(value, source.text)) ?? false;
}

function arrayFor(schema: JsonSchema, root: JsonSchema, source: ValueSource, place: Place): unknown[] {
  const { items, prefixItems = [], minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const usual =
    place.depth >= SHALLOW || items === false ? prefixItems.length : Math.max(USUAL_ITEMS, prefixItems.length);
  let length = Math.min(Math.max(usual, minItems), maxItems);
  if (schema.uniqueItems) length = Math.max(minItems, Math.min(length, resolve(items, root).enum?.length ?? length));
  if (place.depth >= MAX_DEPTH) return [];
  return Array.from({ length }, (_, index) =>
    make(prefixItems[index] ?? items, root, source, { name: place.name, depth: place.depth + 1, index }),
  );
}
