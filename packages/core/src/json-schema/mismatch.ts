import { hasFormat } from "./formats.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { isSchema, type JsonSchema, resolveReference, typesOf } from "./schema.ts";

/** Where a value is not what a schema asks for. */
export interface Mismatch {
  /** `items[0].price`; empty for the value itself. Only names that the schema has. */
  readonly path: string;
  /** What was expected there. Says nothing of what was found, beyond its type. */
  readonly message: string;
}

/** Of schemas within schemas: a value that is nested costs up to three for each level. */
const MAX_DEPTH = 512;
const MAX_STEPS = 500_000;
const MAX_PATTERN_STEPS = 1_000_000;

interface Checking {
  readonly root: JsonSchema;
  steps: number;
  /** What was found of an object or list at an `anyOf`, so that alternatives within alternatives are not tried anew. */
  readonly found: Map<JsonSchema, Map<object, Mismatch | null>>;
  readonly patterns: Map<string, Pattern>;
  readonly patternBudget: { steps: number };
}

/**
 * Holds a value against a schema that `strictSchemaProblem` has nothing against; gives the first mismatch. Takes
 * bounded time whatever the schema and the value: what would take longer is a mismatch that says so.
 */
export function mismatch(schema: JsonSchema, value: unknown): Mismatch | undefined {
  const checking: Checking = {
    root: schema,
    steps: MAX_STEPS,
    found: new Map(),
    patterns: new Map(),
    patternBudget: { steps: MAX_PATTERN_STEPS },
  };
  return check(schema, value, "", 0, checking) ?? undefined;
}

function check(schema: JsonSchema, value: unknown, path: string, depth: number, checking: Checking): Mismatch | null {
  checking.steps -= 1;
  if (checking.steps < 0) return { path, message: "too much to be checked" };
  if (depth > MAX_DEPTH) return { path, message: "nested too deeply" };
  if ("$ref" in schema) {
    const target = resolveReference(checking.root, schema.$ref);
    return target ? check(target, value, path, depth + 1, checking) : { path, message: "nothing fits there" };
  }
  if (Array.isArray(schema.anyOf)) return checkBranches(schema, value, path, depth, checking);
  return (
    checkType(schema, value, path) ??
    checkValues(schema, value, path, checking) ??
    (typeof value === "string" ? checkText(schema, value, path, checking) : null) ??
    (typeof value === "number" ? checkNumber(schema, value, path) : null) ??
    (Array.isArray(value) ? checkList(schema, value, path, depth, checking) : null) ??
    (isSchema(value) ? checkObject(schema, value, path, depth, checking) : null)
  );
}

/** Of alternatives that all fail, the one that got furthest is the one that was meant. */
function checkBranches(
  schema: JsonSchema,
  value: unknown,
  path: string,
  depth: number,
  checking: Checking,
): Mismatch | null {
  const known = checking.found.get(schema) ?? new Map<object, Mismatch | null>();
  checking.found.set(schema, known);
  const before = typeof value === "object" && value !== null ? known.get(value) : undefined;
  if (before !== undefined) return before;
  let best: Mismatch | null = null;
  const here = new Set<string>();
  for (const branch of schema.anyOf as JsonSchema[]) {
    const failed = check(branch, value, path, depth + 1, checking);
    if (failed === null) {
      best = null;
      here.clear();
      break;
    }
    if (failed.path === path) here.add(failed.message);
    if (best === null || failed.path.length > best.path.length) best = failed;
  }
  const found = best && best.path === path ? { path, message: [...here].slice(0, 8).join(", or ") } : best;
  if (typeof value === "object" && value !== null) known.set(value, found);
  return found;
}

function checkType(schema: JsonSchema, value: unknown, path: string): Mismatch | null {
  const types = typesOf(schema);
  if (types.length === 0 || types.some((type) => isOfType(value, type))) return null;
  return { path, message: `expected ${types.map(named).join(" or ")}, but got ${named(typeName(value))}` };
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeName(value) === type;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function named(type: string): string {
  if (type === "null") return type;
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function checkValues(schema: JsonSchema, value: unknown, path: string, checking: Checking): Mismatch | null {
  if (Object.hasOwn(schema, "const") && !isSame(schema.const, value)) {
    return { path, message: `expected ${JSON.stringify(schema.const).slice(0, 200)}` };
  }
  if (!Array.isArray(schema.enum)) return null;
  checking.steps -= schema.enum.length;
  if (schema.enum.some((allowed) => isSame(allowed, value))) return null;
  return { path, message: `expected one of ${JSON.stringify(schema.enum).slice(0, 500)}` };
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null) return a === b;
  if (typeof b !== "object" || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

function checkText(schema: JsonSchema, text: string, path: string, checking: Checking): Mismatch | null {
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === "number" && isShorter(text, minLength)) {
    return { path, message: `expected at least ${minLength} characters` };
  }
  if (typeof maxLength === "number" && !isShorter(text, maxLength + 1)) {
    return { path, message: `expected at most ${maxLength} characters` };
  }
  if (typeof format === "string" && !hasFormat(text, format))
    return { path, message: `expected the format '${format}'` };
  if (typeof pattern === "string" && !matches(pattern, text, checking)) {
    return { path, message: `expected a text that matches ${pattern.slice(0, 200)}` };
  }
  return null;
}

/** In characters, of which one may take two places in a text. */
function isShorter(text: string, length: number): boolean {
  return text.length < length || (text.length < 2 * length && Array.from(text).length < length);
}

function matches(source: string, text: string, { patterns, patternBudget }: Checking): boolean {
  try {
    const pattern = patterns.get(source) ?? compilePattern(source);
    patterns.set(source, pattern);
    return pattern.matches(text, patternBudget);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function checkNumber(schema: JsonSchema, value: number, path: string): Mismatch | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === "number" && value < minimum) return { path, message: `expected a number >= ${minimum}` };
  if (typeof maximum === "number" && value > maximum) return { path, message: `expected a number <= ${maximum}` };
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) {
    return { path, message: `expected a number > ${exclusiveMinimum}` };
  }
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) {
    return { path, message: `expected a number < ${exclusiveMaximum}` };
  }
  if (typeof multipleOf === "number" && !isMultiple(value, multipleOf)) {
    return { path, message: `expected a multiple of ${multipleOf}` };
  }
  return null;
}

/** 0.3 is a multiple of 0.1, whatever binary fractions make of it. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

function checkList(
  { items, minItems, maxItems }: JsonSchema,
  list: readonly unknown[],
  path: string,
  depth: number,
  checking: Checking,
): Mismatch | null {
  if (typeof minItems === "number" && list.length < minItems)
    return { path, message: `expected at least ${minItems} items` };
  if (typeof maxItems === "number" && list.length > maxItems)
    return { path, message: `expected at most ${maxItems} items` };
  if (!isSchema(items)) return null;
  for (const [index, item] of list.entries()) {
    const failed = check(items, item, `${path}[${index}]`, depth + 1, checking);
    if (failed) return failed;
  }
  return null;
}

function checkObject(
  { properties = {}, required, additionalProperties }: JsonSchema,
  value: JsonSchema,
  path: string,
  depth: number,
  checking: Checking,
): Mismatch | null {
  const known = isSchema(properties) ? properties : {};
  for (const name of Array.isArray(required) ? required : []) {
    if (!Object.hasOwn(value, name)) return { path: below(path, name), message: "missing" };
  }
  for (const name of Object.keys(value)) {
    const schema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (isSchema(schema)) {
      const failed = check(schema, value[name], below(path, name), depth + 1, checking);
      if (failed) return failed;
    } else if (additionalProperties === false) {
      return { path, message: "has a property that the schema does not have" };
    }
  }
  return null;
}

function below(path: string, name: string): string {
  return `${path}${path && "."}${name.slice(0, 64)}`;
}
