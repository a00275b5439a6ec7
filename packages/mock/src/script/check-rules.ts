import {
  anything,
  boolean,
  type Check,
  integer,
  isPlainObject,
  nullable,
  number,
  oneOf,
  record,
  refuse,
  shape,
  string,
} from "./check.ts";
import type { Reply, Rule } from "./rule.types.ts";

// Everything a script may say, in one table: for scripts in code, whose authors may not have a type checker, as for files.

const pattern: Check = (value, path) => {
  if (typeof value !== "string" && !(value instanceof RegExp)) {
    refuse(path, 'a string or a pattern (a RegExp; in a file {"$regex": "…"})', value);
  }
};

const toolResult: Check = (value, path) => {
  if (typeof value === "boolean" || typeof value === "string" || value instanceof RegExp) return;
  shape({ name: pattern, id: pattern, text: pattern })(value, path);
};

const aFunction: Check = (value, path) => {
  if (typeof value !== "function") refuse(path, "a function", value);
};

const matchFields = shape({
  operation: oneOf("createChatCompletion", "createCompletion", "createEmbedding", "createModeration"),
  model: pattern,
  user: pattern,
  system: pattern,
  message: pattern,
  tool: pattern,
  toolResult,
  turn: integer(0),
  step: integer(0),
  header: record(pattern),
  body: record(anything),
  where: aFunction,
});

const matcher: Check = (value, path) => {
  if (typeof value === "string" || typeof value === "function" || value instanceof RegExp) return;
  matchFields(value, path);
};

const argumentsOf: Check = (value, path) => {
  if (typeof value !== "string" && !isPlainObject(value)) refuse(path, "an object or JSON text", value);
};

const toolCall: Check = (value, path) => {
  if (typeof value === "string") return;
  shape({ name: string, arguments: argumentsOf, input: string, id: string }, ["name"])(value, path);
};

const toolCalls: Check = (value, path) => {
  if (!Array.isArray(value)) return toolCall(value, path);
  for (const [i, one] of value.entries()) toolCall(one, `${path}[${i}]`);
};

const vector: Check = (value, path) => {
  const isVector = (one: unknown) => Array.isArray(one) && one.every((item) => typeof item === "number");
  if (!isVector(value) && !(Array.isArray(value) && value.every(isVector))) {
    refuse(path, "a list of numbers, or a list of such lists", value);
  }
};

const moderation: Check = (value, path) => {
  if (!Array.isArray(value)) return record(number)(value, path);
  for (const [i, one] of value.entries()) string(one, `${path}[${i}]`);
};

const status = integer(400, 599);
const error: Check = (value, path) => {
  if (typeof value === "number") return status(value, path);
  shape({
    status,
    type: string,
    code: nullable(string),
    param: nullable(string),
    message: string,
    headers: record(string),
  })(value, path);
};

const reply: Check = (value, path) => {
  if (typeof value === "string") return;
  replyFields(value, path);
};

const replyFields = shape({
  text: string,
  json: anything,
  refusal: string,
  toolCalls,
  message: record(anything),
  embedding: vector,
  moderation,
  finishReason: oneOf("stop", "length", "tool_calls", "content_filter", "function_call"),
  usage: record(anything),
  model: string,
  systemFingerprint: string,
  error,
  delayMs: number,
  tokensPerSecond: number,
  cutAfter: integer(0),
  failAfter: integer(0),
  hang: boolean,
});

const step: Check = (value, path) => {
  if (typeof value !== "function") reply(value, path);
};

const steps: Check = (value, path) => {
  if (!Array.isArray(value)) return step(value, path);
  if (value.length === 0) refuse(path, "a reply, or a list of at least one", value);
  for (const [i, one] of value.entries()) step(one, `${path}[${i}]`);
};

const rule = shape({ name: string, when: matcher, reply: steps, advance: oneOf("call", "step"), times: integer(1) }, [
  "reply",
]);

/** @throws TypeError that names the path of the first thing that is wrong */
export function checkRules(rules: unknown, path: string): asserts rules is readonly Rule[] {
  if (!Array.isArray(rules)) refuse(path, "a list of rules", rules);
  for (const [i, one] of rules.entries()) rule(one, `${path}[${i}]`);
}

/** @throws TypeError that names the path of the first thing that is wrong */
export function checkReply(value: unknown, path: string): asserts value is Reply {
  reply(value, path);
}
