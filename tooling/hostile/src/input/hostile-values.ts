import fc, { type Arbitrary } from "fast-check";
import { Raw } from "./render.ts";

const deep = (open: string, close: string, levels: number, middle = "") =>
  new Raw(open.repeat(levels) + middle + close.repeat(levels));

const RAW = [
  "NaN",
  "Infinity",
  "-Infinity",
  "undefined",
  "-0",
  "1e999",
  "-1e999",
  "1e-999",
  "0x10",
  "01",
  "+1",
  "1.",
  "9007199254740993",
  "123456789012345678901234567890",
  "-123456789012345678901234567890",
  `1${"0".repeat(400)}`,
  `0.${"0".repeat(2_000)}1`,
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\u0000"',
  '"\n"',
  '"\\x41"',
  "'single'",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":5,"valueOf":5}',
  '{"then":"x"}',
  '{"length":4294967295}',
  '{"a":1,"a":2}',
  "[,]",
  "[1,]",
  "/**/null",
].map((text) => new Raw(text));

/** Values that no schema expects, or that code forgets about. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...RAW) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e300, -1e300, 2 ** 53, "", [], {}, [[]], [null])
      .map((value) => structuredClone(value)),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      deep("[", "]", 127),
      deep("[", "]", 128),
      deep("[", "]", 5_000),
      deep('{"a":', "}", 4_000, "1"),
      deep('[{"a":', "}]", 2_000, "null"),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("x", "\u{1f600}", "\u0301", "\u202e", "\u0000", "\ufeff", '"', "\\", "e\u0301"),
        fc.integer({ min: 300, max: 30_000 }),
      )
      .map(([unit, times]) => unit.repeat(times)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom<unknown>(0, null, "", [], {}, "x", -1, { role: "user" }),
        fc.integer({ min: 100, max: 10_000 }),
      )
      // As text: a later change to an item that all places share would be a change to every one of them.
      .map(([item, times]) => Array(times).fill(new Raw(JSON.stringify(item)))),
  },
);

export const hostileKey: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "then",
    "",
    "0",
    "length",
    "\u0000",
    "\ud800",
    "k".repeat(5_000),
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
