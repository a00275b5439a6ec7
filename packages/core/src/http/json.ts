import { invalidRequest, malformedJson } from "../errors/catalogue.ts";

const MAX_DEPTH = 128;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Decodes and parses a body. An empty body is `{}`: SDKs send none for an optional one. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformedJson("It is not valid UTF-8.");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw malformedJson();
  }
}

/**
 * Refuses what later code should never have to think about: nesting deep enough to overflow a stack, and keys
 * that reach an object's prototype when copied. Returns the value it was given.
 */
export function assertSafeJson(value: unknown): unknown {
  inspect(value, 0, "");
  return value;
}

function inspect(value: unknown, depth: number, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if (depth === MAX_DEPTH) throw invalidRequest(`Invalid body: nested deeper than ${MAX_DEPTH} levels.`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (typeof item === "object" && item !== null) inspect(item, depth + 1, path);
    }
    return;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (key === "__proto__" || (key === "constructor" && hasPrototypeKey(item))) {
      const param = path ? `${path}.${key}` : key;
      throw invalidRequest(`Invalid key: '${param}' is not allowed.`, param, "invalid_value");
    }
    if (typeof item === "object" && item !== null) inspect(item, depth + 1, depth === 0 ? key.slice(0, 64) : path);
  }
}

function hasPrototypeKey(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}
