import type { JsonSchema, SchemaNode } from "./schema.types.ts";

const MAX_HOPS = 32;

/** A schema without references and `allOf`: what a value has to fit at this place. */
export function resolve(node: SchemaNode | undefined, root: JsonSchema): JsonSchema {
  let schema = asSchema(node);
  for (let hops = 0; schema.$ref !== undefined && hops < MAX_HOPS; hops++) {
    const { $ref, ...siblings } = schema;
    schema = merge(asSchema(target($ref, root)), siblings);
  }
  if (!schema.allOf) return schema;
  const { allOf, ...base } = schema;
  return allOf.reduce<JsonSchema>((whole, part) => merge(whole, resolve(part, root)), base);
}

export function asSchema(node: unknown): JsonSchema {
  return typeof node === "object" && node !== null && !Array.isArray(node) ? (node as JsonSchema) : {};
}

/** A JSON pointer into the schema's own document; what points elsewhere allows anything. */
function target(ref: string, root: JsonSchema): SchemaNode {
  if (!ref.startsWith("#")) return true;
  let node: unknown = root;
  for (const raw of ref.slice(1).split("/").slice(1)) {
    const key = decodeURIComponent(raw).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return true;
    node = (node as Record<string, unknown>)[key];
  }
  return node as SchemaNode;
}

/** Both schemas at once: the narrower of their bounds, all of their properties. */
export function merge(a: JsonSchema, b: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = { ...a, ...b };
  if (a.properties && b.properties) {
    const properties: Record<string, SchemaNode> = { ...a.properties };
    for (const [name, node] of Object.entries(b.properties)) {
      const other = properties[name];
      properties[name] = other === undefined ? node : { allOf: [other, node] };
    }
    merged.properties = properties;
  }
  if (a.required && b.required) merged.required = [...new Set([...a.required, ...b.required])];
  if (a.enum && b.enum) merged.enum = a.enum.filter((value) => b.enum?.some((other) => Object.is(other, value)));
  for (const key of ["minimum", "minLength", "minItems"] as const) {
    if (a[key] !== undefined && b[key] !== undefined) merged[key] = Math.max(a[key], b[key]);
  }
  for (const key of ["maximum", "maxLength", "maxItems"] as const) {
    if (a[key] !== undefined && b[key] !== undefined) merged[key] = Math.min(a[key], b[key]);
  }
  for (const key of ["anyOf", "oneOf", "allOf"] as const) {
    if (a[key] && b[key] && key === "allOf") merged.allOf = [...a[key], ...b[key]];
    else if (a[key] && b[key]) {
      merged[key] = a[key];
      merged.allOf = [...((merged.allOf as SchemaNode[] | undefined) ?? []), { [key]: b[key] }];
    }
  }
  return merged;
}
