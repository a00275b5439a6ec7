import assert from "node:assert/strict";
import type { Received } from "./http-client.ts";

export interface ExpectedError {
  status: number;
  type?: string;
  code?: string | null;
  param?: string | null;
  message?: RegExp;
}

/** Holds a reply to the error envelope: its status, exactly four keys, its headers, and nothing of the server's insides. */
export function assertError(reply: Received, expected: ExpectedError): void {
  assert.equal(reply.status, expected.status, reply.text);
  assert.match(reply.headers["content-type"] ?? "", /^application\/json\b/);
  assert.match(reply.headers["x-request-id"] ?? "", /^req_[0-9a-f]{32}$/);
  const body = reply.json() as { error: Record<string, unknown> };
  assert.deepEqual(Object.keys(body), ["error"]);
  assertErrorObject(body.error, expected);
}

/** Holds the inner object of the envelope, wherever it arrived. */
export function assertErrorObject(error: Record<string, unknown>, expected: Omit<ExpectedError, "status">): void {
  assert.deepEqual(Object.keys(error).toSorted(), ["code", "message", "param", "type"]);
  const { message, type, param, code } = error;
  assert.ok(typeof message === "string" && message.length > 0, "message is empty");
  assert.ok(!/\n\s+at |node_modules|\.[jt]s:\d+/.test(message), `the message shows a stack: ${message}`);
  assert.equal(type, expected.type ?? "invalid_request_error");
  if (expected.code !== undefined) assert.equal(code, expected.code, `code; the message was: ${message}`);
  else assert.ok(code === null || typeof code === "string");
  if (expected.param !== undefined) assert.equal(param, expected.param, `param; the message was: ${message}`);
  else assert.ok(param === null || typeof param === "string");
  if (expected.message) assert.match(message, expected.message);
}
