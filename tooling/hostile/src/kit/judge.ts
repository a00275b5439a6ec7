import assert from "node:assert/strict";
import type { Operation } from "@outlet/core";

export interface Answer {
  status: number;
  contentType: string;
  text: string;
}

/** What no message may show: a stack, a path of the server's, a library's own words. */
const INTERNALS =
  /\n\s+at |node_modules|file:\/\/|\.ts:\d|\.js:\d|\bzod\b|TypeError|RangeError|is not a function|undefined \(/i;
const LONGEST_MESSAGE = 2_048;

/** The envelope, exactly. */
function assertEnvelope({ status, contentType, text }: Answer): void {
  assert.ok(status >= 400 && status <= 499, `status ${status}: ${text.slice(0, 200)}`);
  assert.match(contentType, /^application\/json\b/);
  const body = JSON.parse(text) as { error: Record<string, unknown> };
  assert.deepEqual(Object.keys(body), ["error"]);
  const { message, type, param, code, ...more } = body.error;
  assert.deepEqual(more, {});
  assert.ok(typeof message === "string" && message !== "" && message.length <= LONGEST_MESSAGE, "message");
  assert.equal(typeof type, "string");
  assert.ok(param === null || (typeof param === "string" && param.length <= LONGEST_MESSAGE), "param");
  assert.ok(code === null || typeof code === "string", "code");
  assert.doesNotMatch(message, INTERNALS);
}

/** What a valid request may be refused for: parameters that contradict each other, or one that nobody documents. */
const CONTRADICTIONS = new Set([
  "best_of",
  "function_call",
  "max_tokens",
  "messages",
  "moderation",
  "parallel_tool_calls",
  "prompt",
  "response_format",
  "response_format.json_schema.schema",
  "stream_options",
  "tool_choice",
  "top_logprobs",
]);

/**
 * What no schema can see: images, audio and files have to be what they claim to be, and a conversation's items each a thing
 * of its own; tool calls and results have to belong together, and tools to have names of their own and schemas that hold.
 */
const BEYOND_SCHEMA = [
  /^input(?:\[\d+\]\.image_url\.url)?$/,
  /^messages\[\d+\]\.content\[\d+\]\.(?:image_url|input_audio|file)\b/,
  /^items\[\d+\]\.(?:type|id)$/,
  /^messages\.\[\d+\]\.(?:role|tool_call_id)$/,
  /^messages\[\d+\]\.tool_calls$/,
  /^(?:tools\[\d+\]\.(?:function|custom)|functions\[\d+\])\.(?:name|parameters|format)$/,
];

function isBeyondSchema(param: string): boolean {
  return CONTRADICTIONS.has(param) || BEYOND_SCHEMA.some((pattern) => pattern.test(param));
}

/** True when the operation is about one of many things, and the path, as it stands in the table, names none that there is. */
export function isAboutNothing({ path }: Operation, status: number): boolean {
  return status === 404 && path.includes("{");
}

/**
 * Responses and the admin API refuse in so many ways what their schema allows (parameters that exclude each other, ids of nothing, what this
 * server does not do) that a second list of them here would only repeat the first: whatever is refused has to be named.
 */
function isManySided({ path, auth }: Operation): boolean {
  return path.startsWith("/responses") || auth === "admin";
}

function asksModel({ body, path }: Operation): boolean {
  return "model" in (body?.schema.shape ?? {}) && !path.endsWith("/input_tokens");
}

/** Holds an answer against what the body deserved. Returns true when the engine has to have been reached. */
export function judge(operation: Operation, bytes: Uint8Array, answer: Answer): boolean {
  if (bytes.length > (operation.body?.maxBytes ?? 0)) {
    assertEnvelope(answer);
    assert.equal(answer.status, 413);
    return false;
  }
  const request = readBody(operation, bytes);
  if (request === null) {
    assertEnvelope(answer);
    return false;
  }
  if (answer.status === 200) {
    assert.doesNotMatch(answer.text, /^data: \{"error"/m);
    return asksModel(operation);
  }
  assertEnvelope(answer);
  if (isAboutNothing(operation, answer.status)) return false;
  const { param, code } = (JSON.parse(answer.text) as { error: { param: string; code: string | null } }).error;
  if (code === "unknown_parameter")
    assert.ok(!Object.hasOwn(operation.body?.schema.shape ?? {}, param), `${param} is documented`);
  else if (code === "model_not_found") assert.notEqual(request.model, "m");
  else if (isManySided(operation))
    assert.ok(param !== null || answer.status === 404, `refused without a name: ${answer.text}`);
  else assert.ok(isBeyondSchema(param), `refused for the wrong reason: ${answer.text}`);
  return false;
}

/** The request that the bytes are, or `null` when they are none that an engine may see. */
function readBody(operation: Operation, bytes: Uint8Array): Record<string, unknown> | null {
  try {
    // Clients send no bytes at all where every parameter is optional.
    const text = bytes.length === 0 ? "{}" : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    const safe = isSafe(value, 0) && operation.body?.schema.safeParse(value).success;
    return safe ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isSafe(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= 128) return false;
  if (Object.hasOwn(value, "__proto__")) return false;
  const made = Object.hasOwn(value, "constructor") ? (value as Record<string, unknown>).constructor : null;
  if (typeof made === "object" && made !== null && Object.hasOwn(made, "prototype")) return false;
  return Object.values(value).every((item) => isSafe(item, depth + 1));
}
