import { expect, test } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import { testOutlet } from "../test-support.ts";

const BYTES = 1024 * 1024;
const list = (item: string) =>
  Array(Math.floor(BYTES / (item.length + 1)))
    .fill(item)
    .join(",");
const user = '{"role":"user","content":"x"}';

// Each was a 500 or seconds of work when every item's problem was collected.
test.each([
  ["messages that are none", "/chat/completions", `"messages":[${list("0")}]`, "messages[0]"],
  [
    "messages without content",
    "/chat/completions",
    `"messages":[${list('{"role":"user","content":[]}')}]`,
    "messages[0].content",
  ],
  [
    "tool calls that are none",
    "/chat/completions",
    `"messages":[{"role":"assistant","tool_calls":[${list("0")}]}]`,
    "messages[0].tool_calls[0]",
  ],
  [
    "tools without a name",
    "/chat/completions",
    `"messages":[${user}],"tools":[${list('{"type":"function","function":{"name":""}}')}]`,
    "tools",
  ],
  ["negative tokens", "/completions", `"prompt":[[${list("-1")}]]`, "prompt[0][0]"],
  ["unsafe tokens", "/embeddings", `"input":[[${list("1e300")}]]`, "input[0][0]"],
  ["empty token lists", "/embeddings", `"input":[${list("[]")}]`, "input"],
])("a list of very many %s is refused at its first", async (_, path, parameter, param) => {
  const { post } = testOutlet({ models: { m: defineModel({ chat: () => "", complete: () => "", embed: () => [] }) } });
  const began = process.threadCpuUsage();
  const response = await post(path, `{"model":"m",${parameter}}`);
  const { user: cpu, system } = process.threadCpuUsage(began);
  expect(await response.json()).toMatchObject({ error: { param } });
  expect(response.status).toBe(400);
  expect(cpu + system).toBeLessThan(600_000);
});
