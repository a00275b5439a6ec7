import fc from "fast-check";
import { expect, it } from "vitest";
import { readEvents } from "./sse-reader.ts";

async function read(chunks: readonly (string | Uint8Array)[], maxLength = 1_000) {
  const events: { event: string; data: string }[] = [];
  async function* source() {
    yield* chunks;
  }
  for await (const event of readEvents(source(), maxLength)) events.push(event);
  return events;
}

const STREAM = ": hi\r\n\r\nevent: a\ndata: é1\ndata:  2\n\ndata:x\r\rdata: [DONE]\r\n\r\ndata: unfinished";
const EVENTS = [
  { event: "a", data: "é1\n 2" },
  { event: "message", data: "x" },
  { event: "message", data: "[DONE]" },
];

it("reads events however they are cut, inside a character or a line end too", async () => {
  const bytes = new TextEncoder().encode(STREAM);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
      expect(await read(chunks)).toEqual(EVENTS);
    }),
  );
});

it("refuses an event that is too long, in one line or many", async () => {
  await expect(read(["data: ", "x".repeat(2_000)])).rejects.toThrow(RangeError);
  await expect(read(Array.from({ length: 50 }, () => `data: ${"x".repeat(50)}\n`))).rejects.toThrow(RangeError);
});
