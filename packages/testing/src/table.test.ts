import { expect, it } from "vitest";
import { formatTable, type Requirement, type Result } from "./index.ts";

const requirement = (id: string): Requirement => ({
  id,
  title: "It a|b.",
  reference: `https://platform.openai.com/docs/${id}`,
  operations: [],
  run: async () => {},
});
const [one, two] = [requirement("one"), requirement("two")];

it("shows requirement × cell, the totals, and a line for every dash and every failure", () => {
  const results: Result[] = [
    { requirement: one, cell: "A", outcome: "passed", durationMs: 1 },
    { requirement: two, cell: "A", outcome: "not-applicable", reason: "No socket.", durationMs: 1 },
    { requirement: one, cell: "B", outcome: "failed", error: new Error("got 1\n\nwanted 2"), durationMs: 1 },
    { requirement: two, cell: "B", outcome: "gap", reason: "The host reads it.", durationMs: 1 },
  ];
  expect(formatTable(results).trimEnd().split("\n")).toEqual([
    "| requirement | A | B |",
    "| --- | :-: | :-: |",
    "| [`one`](https://platform.openai.com/docs/one) It a\\|b. | ✓ | ✗ |",
    "| [`two`](https://platform.openai.com/docs/two) It a\\|b. | – | – |",
    "| **passed** | 1 of 1 | 0 of 2 |",
    "",
    "- – A: No socket. (`two`)",
    "- – B: The host reads it. (`two`)",
    "- ✗ B: `one`: got 1 wanted 2",
  ]);
});
