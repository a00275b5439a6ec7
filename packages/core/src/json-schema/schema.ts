/** A JSON Schema as a client sent it: an object of keywords. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The types that a schema allows; empty where it names none. */
export function typesOf({ type }: JsonSchema): readonly string[] {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((name) => typeof name === "string") : [];
}

const DEFINITIONS = /^#\/(\$defs|definitions)\/([^/]+)$/;

/** What `#`, `#/$defs/name` or `#/definitions/name` stands for; `undefined` when there is no such thing. */
export function resolveReference(root: JsonSchema, reference: unknown): JsonSchema | undefined {
  if (typeof reference !== "string") return undefined;
  if (reference === "#") return root;
  const [, keyword = "", token = ""] = DEFINITIONS.exec(reference) ?? [];
  const definitions = root[keyword];
  const name = pointerName(token);
  if (!isSchema(definitions) || !Object.hasOwn(definitions, name)) return undefined;
  const found = definitions[name];
  return isSchema(found) ? found : undefined;
}

/** A name as JSON Pointer writes it in a URI fragment. */
function pointerName(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return token;
  }
}
