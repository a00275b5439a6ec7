import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";

const patterns = [
  "^[a-z]+$",
  "a|b|cd",
  "(ab|a)(bc|c)?$",
  "^(?:\\d{2,3}-)?[A-F]{2}\\b",
  "^(?=.*\\d)(?!.*--)[\\w-]{1,5}$",
  "a.c",
  "(a*)*b",
  "^\\p{Lu}\\w*$",
  "\\u0061{2,}",
  "x{0}y",
  "\\Bb",
  "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
];

test.each(patterns)("matches what the platform matches: %s", (source) => {
  const mine = compilePattern(source);
  const theirs = new RegExp(source, "u");
  const characters = fc.constantFrom(..."abcdxyAF12-_. @B\n😀");
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
      expect(mine.matches(text)).toBe(theirs.test(text));
    }),
  );
});

test("patterns that make others go back and forth for years end at once", () => {
  const text = `${"a".repeat(2000)}!`;
  expect(compilePattern("^(a+)+$").matches(text)).toBe(false);
  expect(compilePattern("^(a|a)*$").matches(text)).toBe(false);
  expect(compilePattern("^(.*a){12}$").matches(text)).toBe(false);
});

test("a text that would take too long is told of, not waited for", () => {
  expect(() => compilePattern("^(?:(?=(a|b)*c)a)*$").matches(`${"a".repeat(100_000)}c`)).toThrow(RangeError);
});

test.each([
  ["(a)\\1", /refers back/],
  ["(?<=a)b", /looks behind/],
  ["a{1000}{1000}", /Nothing to repeat|repeats too much/],
  ["(?:a{1000}){1000}", /repeats too much/],
  ["a".repeat(3000), /longer than/],
  ["(", /Invalid regular expression/],
] as const)("refuses what it cannot match in bounded time: %#", (source, message) => {
  expect(() => compilePattern(source)).toThrow(message);
});
