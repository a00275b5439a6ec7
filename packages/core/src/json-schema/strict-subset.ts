import { isKnownFormat } from "./formats.ts";
import { compilePattern } from "./pattern.ts";
import { isSchema, type JsonSchema, resolveReference, typesOf } from "./schema.ts";
import { limitProblem, newTally, type Tally, tallyEnum, tallyName, tallyNode } from "./strict-limits.ts";

/** Where a schema is wrong, worded as the API's own service words it: `In context=('properties', 'x'), …`. */
export type SchemaProblem = string;

const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** Keywords of JSON Schema that `strict` does not allow. What is no keyword at all is nobody's business. */
const NOT_PERMITTED = new Set([
  "$anchor",
  "$dynamicAnchor",
  "$dynamicRef",
  "$recursiveAnchor",
  "$recursiveRef",
  "additionalItems",
  "allOf",
  "contains",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "if",
  "maxContains",
  "maxProperties",
  "minContains",
  "minProperties",
  "not",
  "oneOf",
  "patternProperties",
  "prefixItems",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
  "uniqueItems",
]);

const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const SIZES = ["minLength", "maxLength", "minItems", "maxItems"];
/** Not in the reference, which counts only what they hold. */
const MAX_DEFINITIONS = 5000;
const DEFINITIONS = ["$defs", "definitions"];
/** What may stand beside a `$ref`, and only at the root. */
const ROOT_KEYWORDS = ["$ref", "$schema", "$id", ...DEFINITIONS];

interface Walk {
  readonly root: JsonSchema;
  readonly tally: Tally;
}

/**
 * Holds a schema against what `strict: true` allows; gives the first thing that is wrong.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function strictSchemaProblem(schema: unknown): SchemaProblem | undefined {
  const type = isSchema(schema) ? schema.type : undefined;
  if (!isSchema(schema) || type !== "object") {
    const got = typeof type === "string" ? type.slice(0, 64) : "None";
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${got}"'.`;
  }
  const walk = { root: schema, tally: newTally() };
  if ("anyOf" in schema) return at([], "'anyOf' is not permitted.");
  return schemaProblem(schema, [], 0, walk) ?? definitionsProblem(walk) ?? limitProblem(walk.tally);
}

function definitionsProblem(walk: Walk): SchemaProblem | undefined {
  for (const keyword of DEFINITIONS) {
    const definitions = walk.root[keyword];
    if (definitions === undefined) continue;
    if (!isSchema(definitions)) return at([], `'${keyword}' must be an object of schemas.`);
    const count = Object.keys(definitions).length;
    if (count > MAX_DEFINITIONS) return `${count} definitions exceeds limit of ${MAX_DEFINITIONS}.`;
    for (const [name, definition] of Object.entries(definitions)) {
      tallyName(walk.tally, name);
      const problem = schemaProblem(definition, [keyword, name], 0, walk);
      if (problem) return problem;
    }
    const endless = endlessDefinition(definitions, walk.root);
    if (endless) return at([keyword, endless], "the definition refers to itself and nothing else.");
  }
  return undefined;
}

function schemaProblem(
  schema: unknown,
  context: readonly string[],
  depth: number,
  walk: Walk,
): SchemaProblem | undefined {
  if (!isSchema(schema)) return at(context, "schema must be an object.");
  if ("$ref" in schema) return referenceProblem(schema, context, walk.root);
  const refused = Object.keys(schema).find((keyword) => NOT_PERMITTED.has(keyword));
  if (refused) return at(context, `'${refused}' is not permitted.`);
  const types = typesOf(schema);
  const level = tallyNode(walk.tally, types, depth);
  if ("anyOf" in schema) return branchesProblem(schema.anyOf, context, level, walk);
  if (types.length === 0) return at(context, "schema must have a 'type' key.");
  const unknown = types.find((type) => !TYPES.includes(type));
  if (unknown !== undefined) return at(context, `'${unknown.slice(0, 64)}' is not a valid type.`);
  return (
    valuesProblem(schema, context, walk.tally) ??
    keywordsProblem(schema, context) ??
    (types.includes("object") ? objectProblem(schema, context, level, walk) : undefined) ??
    (types.includes("array") ? arrayProblem(schema, context, level, walk) : undefined)
  );
}

function referenceProblem(schema: JsonSchema, context: readonly string[], root: JsonSchema): SchemaProblem | undefined {
  const others = Object.keys(schema).filter((keyword) => !ROOT_KEYWORDS.includes(keyword));
  if (others.length > 0) {
    return at(
      context,
      `$ref cannot have keywords {${others.map((keyword) => `'${keyword.slice(0, 64)}'`).join(", ")}}.`,
    );
  }
  if (resolveReference(root, schema.$ref)) return undefined;
  return at(context, "reference can only point to definitions defined at the top level of the schema.");
}

function branchesProblem(
  branches: unknown,
  context: readonly string[],
  depth: number,
  walk: Walk,
): SchemaProblem | undefined {
  if (!Array.isArray(branches) || branches.length === 0) return at(context, "'anyOf' must be a list of schemas.");
  for (const [index, branch] of branches.entries()) {
    const problem = schemaProblem(branch, [...context, "anyOf", String(index)], depth, walk);
    if (problem) return problem;
  }
  return undefined;
}

function objectProblem(
  { properties = {}, required, additionalProperties }: JsonSchema,
  context: readonly string[],
  depth: number,
  walk: Walk,
): SchemaProblem | undefined {
  if (additionalProperties !== false) {
    return at(context, "'additionalProperties' is required to be supplied and to be false.");
  }
  if (!isSchema(properties)) return at(context, "'properties' must be an object of schemas.");
  const names = Object.keys(properties);
  const listed = new Set(Array.isArray(required) ? required : []);
  const missing = names.find((name) => !listed.has(name));
  const extra = [...listed].find((name) => typeof name !== "string" || !Object.hasOwn(properties, name));
  if (missing !== undefined || extra !== undefined) {
    const which =
      missing !== undefined
        ? `Missing '${missing.slice(0, 64)}'.`
        : `Extra required key '${String(extra).slice(0, 64)}' supplied.`;
    const rule = "'required' is required to be supplied and to be an array including every key in properties.";
    return at(context, `${rule} ${which}`);
  }
  for (const name of names) {
    walk.tally.properties += 1;
    tallyName(walk.tally, name);
    const problem = schemaProblem(properties[name], [...context, "properties", name], depth, walk);
    if (problem) return problem;
  }
  return undefined;
}

function arrayProblem(
  { items }: JsonSchema,
  context: readonly string[],
  depth: number,
  walk: Walk,
): SchemaProblem | undefined {
  if (items === undefined) return at(context, "array schema missing items.");
  return schemaProblem(items, [...context, "items"], depth, walk);
}

function valuesProblem(schema: JsonSchema, context: readonly string[], tally: Tally): SchemaProblem | undefined {
  if (Object.hasOwn(schema, "const")) tallyName(tally, schema.const);
  if (!Object.hasOwn(schema, "enum")) return undefined;
  if (!Array.isArray(schema.enum) || schema.enum.length === 0) return at(context, "'enum' must be a list of values.");
  return tallyEnum(tally, schema.enum);
}

function keywordsProblem(schema: JsonSchema, context: readonly string[]): SchemaProblem | undefined {
  const { format, pattern } = schema;
  for (const keyword of NUMBERS) {
    if (keyword in schema && !Number.isFinite(schema[keyword])) return at(context, `'${keyword}' must be a number.`);
  }
  if ("multipleOf" in schema && Number(schema.multipleOf) <= 0) return at(context, "'multipleOf' must be above 0.");
  for (const keyword of SIZES) {
    const size = schema[keyword];
    if (keyword in schema && !(Number.isInteger(size) && Number(size) >= 0)) {
      return at(context, `'${keyword}' must be an integer that is not negative.`);
    }
  }
  if (format !== undefined && !isKnownFormat(format)) {
    return at(context, `'${String(format).slice(0, 64)}' is not a valid format.`);
  }
  return pattern === undefined ? undefined : patternProblem(pattern, context);
}

function patternProblem(pattern: unknown, context: readonly string[]): SchemaProblem | undefined {
  if (typeof pattern !== "string") return at(context, "'pattern' must be a string.");
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return at(context, `'pattern' is not a regular expression that is supported: ${error.message.slice(0, 200)}.`);
  }
}

/** The name of a definition that leads back to itself without any value between: nothing could ever be read by it. */
function endlessDefinition(definitions: JsonSchema, root: JsonSchema): string | undefined {
  const open = new Set<unknown>();
  const done = new Set<unknown>();
  const leadsBack = (schema: unknown): boolean => {
    if (!isSchema(schema) || done.has(schema)) return false;
    if (open.has(schema)) return true;
    open.add(schema);
    const branches = Array.isArray(schema.anyOf) ? schema.anyOf : [];
    const back = "$ref" in schema ? leadsBack(resolveReference(root, schema.$ref)) : branches.some(leadsBack);
    open.delete(schema);
    done.add(schema);
    return back;
  };
  return Object.keys(definitions).find((name) => leadsBack(definitions[name]));
}

const MAX_CONTEXT = 24;

function at(context: readonly string[], message: string): SchemaProblem {
  const shown = context.slice(0, MAX_CONTEXT).map((part) => `'${part.slice(0, 64)}'`);
  return `In context=(${shown.join(", ")}${shown.length === 1 ? "," : ""}), ${message}`;
}
