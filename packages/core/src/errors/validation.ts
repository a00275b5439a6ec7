import type { z } from "zod";
import type { ApiError } from "./api-error.ts";
import { invalidRequest, missingParameter } from "./catalogue.ts";
import { takesIntegersAlone } from "./whole-numbers.ts";

type Issue = z.core.$ZodIssue;

/** A parameter, its value in a request, and the schema that it was held against. */
export interface Checked {
  readonly name: string;
  readonly value: unknown;
  readonly schema: z.core.$ZodType;
}

/** Turns the first problem that a parameter's schema found into the 400 that the API's own service would send. */
export function validationError(issues: readonly Issue[], { name, value: parameter, schema }: Checked): ApiError {
  const issue = mostSpecific(issues[0] as Issue);
  const value = valueAt(parameter, issue.path);
  const param = paramOf([name, ...issue.path]);
  if (value === undefined && issue.code !== "custom") return missingParameter(param);
  switch (issue.code) {
    case "invalid_type":
      return typeError(param, `expected ${expectedName(issue.expected)}`, value);
    case "invalid_union":
      if ("options" in issue && Array.isArray(issue.options)) return valueError(param, issue.options, value);
      return typeError(param, `expected ${unionNames(issue)}`, value);
    case "invalid_value":
      return valueError(param, issue.values, value);
    case "too_small":
    case "too_big": {
      const low = issue.code === "too_small";
      const bound = Number(low ? issue.minimum : issue.maximum);
      if (issue.origin === "array" && Array.isArray(value)) return lengthError(param, low, bound, value);
      if (issue.origin === "string" && typeof value === "string") return textLengthError(param, low, bound, value);
      const kind = takesIntegersAlone(schema, issue.path) ? "integer" : "decimal";
      return rangeError(param, kind, low, bound, value);
    }
    default:
      return invalidRequest(`Invalid '${param}': ${issue.message}`, param, "invalid_value");
  }
}

/**
 * In a union, what the caller meant: the branch that had the right type and only the wrong size, else the one that got
 * furthest before it failed.
 */
function mostSpecific(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const firsts = issue.errors.flatMap((branch) => (branch[0] ? [branch[0]] : []));
  const wrongSize = firsts.find(({ code, path }) => path.length === 0 && (code === "too_big" || code === "too_small"));
  if (wrongSize) return { ...wrongSize, path: issue.path };
  let best: Issue = issue;
  for (const first of firsts) {
    const nested = mostSpecific({ ...first, path: [...issue.path, ...first.path] });
    if (nested.path.length > best.path.length) best = nested;
  }
  return best;
}

function unionNames(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const names = new Set<string>();
  for (const branch of issue.errors) {
    const first = branch[0];
    if (first?.code === "invalid_type") names.add(expectedName(first.expected));
    else if (first?.code === "invalid_value") names.add(first.values.map((v) => `'${String(v)}'`).join(" or "));
    else if (first?.code === "invalid_union") names.add(unionNames(first));
  }
  names.delete("null");
  return names.size > 0 ? `one of ${[...names].join(" or ")}` : "a different value";
}

function typeError(param: string, expected: string, value: unknown): ApiError {
  const message = `Invalid type for '${param}': ${expected}, but got ${describe(value)} instead.`;
  return invalidRequest(message, param, "invalid_type");
}

function valueError(param: string, values: readonly unknown[], value: unknown): ApiError {
  const allowed = values.filter((v) => v !== undefined).map((v) => `'${String(v)}'`);
  const list = allowed.length > 1 ? `${allowed.slice(0, -1).join(", ")} and ${allowed.at(-1)}` : allowed[0];
  if (typeof value !== typeof values[0]) return typeError(param, `expected one of ${list}`, value);
  const message = `Invalid value: '${String(value).slice(0, 100)}'. Supported values are: ${list}.`;
  return invalidRequest(message, param, "invalid_value");
}

function lengthError(param: string, low: boolean, bound: number, { length }: readonly unknown[]): ApiError {
  if (length === 0) {
    const message = `Invalid '${param}': empty array. Expected an array with minimum length ${bound}, but got an empty array instead.`;
    return invalidRequest(message, param, "empty_array");
  }
  const message = `Invalid '${param}': array too ${low ? "short" : "long"}. Expected an array with ${low ? "minimum" : "maximum"} length ${bound}, but got an array with length ${length} instead.`;
  return invalidRequest(message, param, low ? "array_below_min_length" : "array_above_max_length");
}

function textLengthError(param: string, low: boolean, bound: number, { length }: string): ApiError {
  const message = `Invalid '${param}': string too ${low ? "short" : "long"}. Expected a string with ${low ? "minimum" : "maximum"} length ${bound}, but got a string with length ${length} instead.`;
  return invalidRequest(message, param, low ? "string_below_min_length" : "string_above_max_length");
}

/** `kind`: what the parameter is, whatever was sent: 3 is above the maximum of a decimal, too. */
function rangeError(param: string, kind: "integer" | "decimal", low: boolean, bound: number, value: unknown): ApiError {
  const message = `Invalid '${param}': ${kind} ${low ? "below minimum" : "above maximum"} value. Expected a value ${low ? ">=" : "<="} ${bound}, but got ${String(value)} instead.`;
  return invalidRequest(message, param, `${kind}_${low ? "below_min" : "above_max"}_value`);
}

/** `["messages", 0, "content"]` → `messages[0].content`. */
function paramOf(path: readonly PropertyKey[]): string {
  let out = "";
  for (const key of path) out += typeof key === "number" ? `[${key}]` : `${out && "."}${String(key).slice(0, 64)}`;
  return out;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function expectedName(expected: string): string {
  if (expected === "int") return "an integer";
  if (expected === "record") return "an object";
  return expected === "null" ? "null" : `${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a decimal number";
  return expectedName(typeof value);
}
