import { expect, test } from "vitest";
import { operations } from "../operations.ts";
import { fitsOf } from "./fits.ts";

const ATOMS = [null, true, false, 0, 1, -1, 0.5, 3, 1e9, 2 ** 53, Number.NaN, "", "a", "text", "auto", "x".repeat(70)];
const NAMES = ["type", "role", "content", "text", "name", "function", "arguments", "id", "image_url", "url", "mode"];
const WORDS = [
  "user",
  "system",
  "assistant",
  "tool",
  "function",
  "text",
  "image_url",
  "custom",
  "message",
  "json_schema",
];

/** Values of the shapes that requests have, right and wrong, the same in every run. */
function* values(count: number): Generator<unknown> {
  let seed = 1;
  const below = (n: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % n;
  };
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const make = (depth: number): unknown => {
    const kind = depth === 0 ? 0 : below(4);
    if (kind === 0) return pick<unknown>([...ATOMS, ...WORDS]);
    if (kind === 1) return Array.from({ length: below(3) }, () => make(depth - 1));
    return Object.fromEntries(Array.from({ length: below(5) }, () => [pick(NAMES), make(depth - 1)]));
  };
  yield* ATOMS;
  // biome-ignore lint/suspicious/noSparseArray: what a parser of the host's may make
  yield [, "a"];
  yield new Date(0);
  for (let i = 0; i < count; i++) yield make(4);
}

const parameters = operations.flatMap(({ id, body }) =>
  Object.entries(body?.schema.shape ?? {}).map(([name, schema]) => ({ of: `${id} ${name}`, schema })),
);

test("what fits without the schema being asked is never what the schema refuses", () => {
  const accepted = new Set<string>();
  for (const { of, schema } of parameters) {
    const fits = fitsOf(schema);
    for (const value of values(2_000)) {
      if (!fits(value)) continue;
      accepted.add(of);
      expect(schema.safeParse(value).success, `${of}: ${JSON.stringify(value)}`).toBe(true);
    }
  }
  // Of those that are looked at here at all, so that the loop above has something to say.
  expect(accepted.size).toBeGreaterThan(100);
});

test.each([
  [
    "messages",
    [
      { role: "system", content: "a" },
      { role: "user", content: [{ type: "text", text: "b" }] },
    ],
  ],
  ["model", "m"],
  ["temperature", 0.7],
  ["stream", true],
  ["stop", ["a", "b"]],
  ["tools", [{ type: "custom", custom: { name: "f" } }]],
  ["stream_options", { include_usage: true }],
  ["max_completion_tokens", 100],
])("a chat's usual %s fits", (name, value) => {
  const of = parameters.find((parameter) => parameter.of === `createChatCompletion ${name}`);
  expect(of && fitsOf(of.schema)(value)).toBe(true);
});
