import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteChannel } from "./byte-channel.ts";
import type { ByteReader, ByteSource, Piece } from "./exchange.ts";

const HIGH_WATER_MARK = 65_536;

/** A source that writes down what it is told. */
class Source implements ByteSource {
  told: string[] = [];
  pause = () => void this.told.push("pause");
  resume = () => void this.told.push("resume");
  leave = () => void this.told.push("leave");

  get paused(): boolean {
    return this.told.findLast((word) => word !== "leave") === "pause";
  }
}

class Reader implements ByteReader {
  told: (Piece | Error)[] = [];
  write = (piece: Piece) => void this.told.push(piece);
  end = () => void this.told.push("(end)");
  fail = (error: unknown) => void this.told.push(error as Error);
}

const broken = new Error("broken");
const piece = fc.nat({ max: 9 }).map((digit) => String(digit).repeat(digit * 12_000));

/** What happens, in some order: a piece is pushed, or what the word says. */
const happenings = (...words: string[]) =>
  fc.array(fc.oneof({ arbitrary: piece, weight: 4 }, ...words.map((text) => fc.constant({ word: text }))), {
    maxLength: 40,
  });

const alternate = (words: readonly string[]) => words.every((text, i) => text === (i % 2 === 0 ? "pause" : "resume"));

describe("a channel that is pushed to a reader", () => {
  test("loses nothing, repeats nothing and ends once, whenever it is read, paused, ended or left", () => {
    fc.assert(
      fc.property(happenings("read", "pause", "resume", "end", "fail", "leave"), (all) => {
        const source = new Source();
        const channel = new ByteChannel(source);
        const reader = new Reader();
        let overs = 0;
        channel.onOver(() => {
          overs += 1;
        });
        const expected: (Piece | Error)[] = [];
        let reading = false;
        let ending: "end" | "fail" | "leave" | null = null;
        const lastWord = () => (ending === "end" ? "(end)" : broken);

        for (const one of all) {
          if (typeof one === "string") {
            channel.push(one);
            if (ending === null && one !== "") expected.push(one);
          } else if (one.word === "read") {
            if (reading || ending === "leave") continue;
            reading = true;
            channel.readWith(reader);
            if (ending !== null) expected.push(lastWord());
          } else if (one.word === "end" || one.word === "fail") {
            if (one.word === "end") channel.end();
            else channel.fail(broken);
            if (ending !== null) continue;
            ending = one.word;
            if (reading) expected.push(lastWord());
          } else if (one.word === "leave") {
            channel.leave();
            if (!reading) expected.length = 0;
            ending = ending === null || !reading ? "leave" : ending;
          } else if (one.word === "pause") channel.pause();
          else channel.resume();
        }

        expect(reader.told).toEqual(reading ? expected : []);
        const over = ending === "leave" || (ending !== null && reading);
        expect(overs).toBe(over ? 1 : 0);
        const leaves = source.told.filter((text) => text === "leave");
        expect(leaves.length).toBeLessThanOrEqual(ending === "leave" ? 1 : 0);
        expect(alternate(source.told.filter((text) => text !== "leave"))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("goes on after a pause, with what had come before there was a reader", () => {
    const source = new Source();
    const channel = new ByteChannel(source);
    channel.push("a".repeat(HIGH_WATER_MARK));
    expect(source.told).toEqual(["pause"]);
    const reader = new Reader();
    channel.readWith(reader);
    expect(source.told).toEqual(["pause", "resume"]);
    expect(reader.told).toEqual(["a".repeat(HIGH_WATER_MARK)]);
  });

  test("stays paused where the first pieces were too much for the reader", () => {
    const source = new Source();
    const channel = new ByteChannel(source);
    channel.push("a".repeat(HIGH_WATER_MARK));
    const slow = new Reader();
    slow.write = () => void channel.pause();
    channel.readWith(slow);
    expect(source.paused).toBe(true);
    channel.resume();
    expect(source.paused).toBe(false);
  });
});

describe("a channel that is iterated", () => {
  test("gives every piece in order and then its end, whenever it is asked, ended or closed", async () => {
    await fc.assert(
      fc.asyncProperty(happenings("next", "next", "next", "end", "fail", "return"), async (all) => {
        const source = new Source();
        const channel = new ByteChannel(source);
        const asked: Promise<unknown>[] = [];
        const expected: unknown[] = [];
        const held: string[] = [];
        let waiting = false;
        let ending: unknown = null;
        const done = "(done)";

        const answer = () => {
          const next = held.shift();
          if (next !== undefined) expected.push(next);
          else if (ending === null) waiting = true;
          else {
            expected.push(ending);
            ending = done;
          }
        };
        for (const one of all) {
          if (typeof one === "string") {
            channel.push(one);
            if (ending !== null || one === "") continue;
            if (waiting) expected.push(one);
            else held.push(one);
            waiting = false;
          } else if (one.word === "next") {
            // One at a time, as `for await` asks.
            if (waiting) continue;
            asked.push(
              channel.next().then(
                ({ done: over, value }) => (over ? done : value),
                (error: unknown) => error,
              ),
            );
            answer();
          } else if (one.word === "return") {
            await channel.return();
            held.length = 0;
            ending = done;
            if (waiting) expected.push(done);
            waiting = false;
          } else {
            if (one.word === "end") channel.end();
            else channel.fail(broken);
            if (ending !== null) continue;
            ending = one.word === "end" ? done : broken;
            if (!waiting) continue;
            waiting = false;
            answer();
          }
          const size = held.reduce((sum, text) => sum + text.length, 0);
          if (ending === null && size >= HIGH_WATER_MARK) expect(source.paused).toBe(true);
          if (ending === null && held.length === 0) expect(source.paused).toBe(false);
        }
        if (waiting) {
          channel.end();
          expected.push(done);
        }
        expect(await Promise.all(asked)).toEqual(expected);
        expect(alternate(source.told.filter((text) => text !== "leave"))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
