import assert from "node:assert/strict";
import type { HttpClient, RawRequest } from "./http-client.ts";
import { readText } from "./http-client.ts";
import type { Opened } from "./transport.ts";
import { within } from "./within.ts";

/** A whole event stream. */
export interface EventStream {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The `data` of each event. */
  readonly data: readonly string[];
}

/** Reads a reply that must be a well-framed event stream of `data:` lines. */
export async function readEvents(http: HttpClient, request: RawRequest): Promise<EventStream> {
  const opened = await http.open(request);
  const text = await readText(opened);
  assert.equal(opened.status, 200, text);
  return { headers: opened.headers, text, data: dataOf(text) };
}

/** Splits an event stream, and holds it to the framing: `data: …`, a blank line, nothing else. */
function dataOf(text: string): string[] {
  assert.ok(text.endsWith("\n\n"), `the stream ends inside an event: ${JSON.stringify(text.slice(-80))}`);
  return text.slice(0, -2).split("\n\n").map(dataOfEvent);
}

function dataOfEvent(event: string): string {
  assert.match(event, /^data: [^\r\n]+$/, `not one data line: ${JSON.stringify(event.slice(0, 200))}`);
  return event.slice("data: ".length);
}

/** Reads a reply whose events are named: an `event:` line with the type that is in the data, too. */
export async function readNamedEvents<Event extends { type: string }>(
  http: HttpClient,
  request: RawRequest,
): Promise<Event[]> {
  const opened = await http.open(request);
  const text = await readText(opened);
  assert.equal(opened.status, 200, text);
  assert.match(opened.headers["content-type"] ?? "", /^text\/event-stream\b/);
  assert.ok(text.endsWith("\n\n"), `the stream ends inside an event: ${JSON.stringify(text.slice(-80))}`);
  return text
    .slice(0, -2)
    .split("\n\n")
    .map((event) => {
      const [name = "", data = "", ...more] = event.split("\n");
      assert.equal(more.length, 0, `more than two lines: ${JSON.stringify(event.slice(0, 200))}`);
      const parsed = JSON.parse(dataOfEvent(data)) as Event;
      assert.equal(name, `event: ${parsed.type}`);
      return parsed;
    });
}

/** Events one by one, as they arrive. */
export interface EventReader {
  /** The next event's `data`; null at the end of the stream. */
  next(): Promise<string | null>;
}

export function eventReader(opened: Opened): EventReader {
  const decoder = new TextDecoder();
  let held = "";
  return {
    async next() {
      for (let end = held.indexOf("\n\n"); ; end = held.indexOf("\n\n")) {
        if (end >= 0) {
          const event = held.slice(0, end);
          held = held.slice(end + 2);
          return dataOfEvent(event.replace(/^event: [^\r\n]+\n/, ""));
        }
        const bytes = await within("the next event", opened.next());
        if (bytes === null) return null;
        held += decoder.decode(bytes, { stream: true });
      }
    },
  };
}
