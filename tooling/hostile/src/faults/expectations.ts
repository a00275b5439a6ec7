import assert from "node:assert/strict";
import type { Got } from "./client.ts";

/** A status and an envelope or, after a 200, an error event as the last: never an answer that looks whole. */
export function assertTypedError(got: Got): void {
  const { status, contentType, text } = got;
  assert.equal(got.brokenOff, false, "the connection was broken off");
  assert.doesNotMatch(text, /\[DONE\]/);
  if (status !== 200) {
    assert.ok(status >= 400 && status <= 599, `status ${status}`);
    assert.match(contentType, /^application\/json\b/);
    assertEnvelope(text);
    return;
  }
  assert.match(contentType, /^text\/event-stream\b/, `a clean 200: ${text.slice(0, 300)}`);
  const events = text.split(/\r?\n\r?\n/).filter((event) => event !== "");
  assertEnvelope(events.at(-1)?.replace(/^data: /, "") ?? "");
}

function assertEnvelope(text: string): void {
  const { error } = JSON.parse(text) as { error: Record<string, unknown> };
  assert.deepEqual(Object.keys(error).toSorted(), ["code", "message", "param", "type"]);
  assert.ok(typeof error.message === "string" && error.message.length <= 4_096, "message");
  assert.ok(typeof error.type === "string", "type");
  assert.doesNotMatch(error.message, /\n\s+at |node_modules|\.ts:\d|is not iterable|Cannot read|127\.0\.0\.1/);
}

/** A whole answer of strings and numbers where those belong. */
export function assertAnswer({ status, text, brokenOff }: Got, stream: boolean): void {
  assert.equal(brokenOff, false, "the connection was broken off");
  assert.equal(status, 200, text.slice(0, 300));
  if (!stream) {
    JSON.parse(text);
    return;
  }
  const events = text.split(/\r?\n\r?\n/).filter((event) => event !== "");
  assert.equal(events.at(-1), "data: [DONE]", text.slice(-300));
  for (const event of events.slice(0, -1)) JSON.parse(event.replace(/^data: /, ""));
}
