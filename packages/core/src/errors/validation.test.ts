import { expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import { testOutlet } from "../test-support.ts";

const { post } = testOutlet({ models: { m: defineModel({ chat: () => "", complete: () => "", embed: () => [] }) } });
const messages = [{ role: "user", content: "x" }];

test.each([
  [
    "/chat/completions",
    { messages, temperature: 3 },
    "temperature",
    "decimal above maximum value. Expected a value <= 2, but got 3",
  ],
  [
    "/chat/completions",
    { messages, temperature: 2.5 },
    "temperature",
    "decimal above maximum value. Expected a value <= 2, but got 2.5",
  ],
  [
    "/chat/completions",
    { messages, top_p: -1 },
    "top_p",
    "decimal below minimum value. Expected a value >= 0, but got -1",
  ],
  [
    "/chat/completions",
    { messages, logit_bias: { a: 101 } },
    "logit_bias.a",
    "decimal above maximum value. Expected a value <= 100, but got 101",
  ],
  ["/chat/completions", { messages, n: 0 }, "n", "integer below minimum value. Expected a value >= 1, but got 0"],
  [
    "/chat/completions",
    { messages, top_logprobs: 21 },
    "top_logprobs",
    "integer above maximum value. Expected a value <= 20, but got 21",
  ],
  [
    "/completions",
    { prompt: [[1, -1]] },
    "prompt[0][1]",
    "integer below minimum value. Expected a value >= 0, but got -1",
  ],
  [
    "/embeddings",
    { input: "x", dimensions: 0 },
    "dimensions",
    "integer below minimum value. Expected a value >= 1, but got 0",
  ],
])("%s says what kind of number is out of its range: %j", async (path, body, param, words) => {
  const response = await post(path, { model: "m", ...body });
  const [kind, , side] = words.split(" ");
  const code = `${kind}_${words.includes("above") ? "above_max" : "below_min"}_value`;
  expect(side).toMatch(/minimum|maximum/);
  expect(await response.json()).toEqual({
    error: { message: `Invalid '${param}': ${words} instead.`, type: "invalid_request_error", param, code },
  });
});
