import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, contentOf, testOutlet } from "../test-support.ts";
import { defineModel } from "./define-model.ts";

/** A model that says `text` in the given pieces. */
const speaking = (pieces: readonly string[]) =>
  defineModel(async function* () {
    yield* pieces;
  });

/** The text of a model that writes a character at a time and stops when a sequence is complete. */
function cutAtFirst(text: string, stops: readonly string[]): string {
  let written = "";
  for (const char of text) {
    written += char;
    const complete = stops.filter((stop) => written.endsWith(stop)).map((stop) => stop.length);
    if (complete.length > 0) return written.slice(0, written.length - Math.max(...complete));
  }
  return written;
}

const piece = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "🙂", "\n"), maxLength: 4 });

test("a stop sequence ends the text wherever the pieces' boundaries fall, streamed and not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 4,
      }),
      async (pieces, stop) => {
        const { post } = testOutlet({ models: { m: speaking(pieces) } });
        const expected = cutAtFirst(pieces.join(""), stop);
        const whole = await (await post("/chat/completions", ask("x", { stop }))).json();
        const stream = await (await post("/chat/completions", ask("x", { stop, stream: true }))).text();
        expect(whole.choices[0].message.content).toBe(expected);
        expect(contentOf(stream)).toBe(expected);
        expect(whole.choices[0].finish_reason).toBe("stop");
      },
    ),
    { numRuns: 200 },
  );
});

test("a token limit cuts at a whole character and says length", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      async (pieces, limit) => {
        const { post } = testOutlet({ models: { m: speaking(pieces) } });
        const text = pieces.join("");
        const { choices } = await (await post("/chat/completions", ask("x", { max_completion_tokens: limit }))).json();
        const { message, finish_reason } = choices[0];
        expect(text.startsWith(message.content)).toBe(true);
        expect(message.content.isWellFormed()).toBe(true);
        expect(finish_reason).toBe(message.content === text ? "stop" : "length");
      },
    ),
    { numRuns: 200 },
  );
});

test("the engine is stopped where its text is cut, and core says what it did in its stead", async () => {
  let stopped = false;
  const endless = defineModel(async function* () {
    try {
      while (true) yield "tick ";
    } finally {
      stopped = true;
    }
  });
  const { post } = testOutlet({ models: { m: endless } });
  const reply = await post("/chat/completions", ask("x", { max_tokens: 10 }));
  expect((await reply.json()).choices[0].finish_reason).toBe("length");
  expect(reply.headers.get("outlet-emulated")).toBe("max_tokens, usage");
  expect(stopped).toBe(true);
});
