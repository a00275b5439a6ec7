import { createOutlet } from "@outlet/core";
import { describe, expect, test } from "vitest";
import { countingEngine } from "../kit/engine.ts";

const MEGABYTE = 1024 * 1024;
const chat = (more: string) => `{"model":"m",${more}}`;
const user = '{"role":"user","content":"hi"}';

interface Large {
  name: string;
  path: string;
  body: string;
  status: number;
  /** CPU seconds at most. */
  seconds: number;
}

const messages = Array<string>(100_000).fill(user).join(",");
const deep = (open: string, close: string, levels = 100_000) => open.repeat(levels) + close.repeat(levels);
const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(",");

const large: readonly Large[] = [
  {
    name: "100,000 messages",
    path: "/chat/completions",
    body: chat(`"messages":[${messages}]`),
    status: 200,
    seconds: 1.5,
  },
  {
    name: "100,000 messages, the last of them wrong",
    path: "/chat/completions",
    body: chat(`"messages":[${messages},{"role":"user"}]`),
    status: 400,
    seconds: 1.5,
  },
  {
    name: "a message of 10 MB",
    path: "/chat/completions",
    body: chat(`"messages":[{"role":"user","content":"${"x".repeat(10 * MEGABYTE)}"}]`),
    status: 200,
    seconds: 1,
  },
  {
    name: "a message of 10 MB of escapes",
    path: "/chat/completions",
    body: chat(`"messages":[{"role":"user","content":"${"\\n".repeat(5 * MEGABYTE)}"}]`),
    status: 200,
    seconds: 1.5,
  },
  {
    name: "a model id of 10 MB",
    path: "/chat/completions",
    body: `{"model":"${"m".repeat(10 * MEGABYTE)}","messages":[${user}]}`,
    status: 400,
    seconds: 1,
  },
  {
    name: "a key of 10 MB",
    path: "/chat/completions",
    body: chat(`"messages":[${user}],"${"k".repeat(10 * MEGABYTE)}":1`),
    status: 400,
    seconds: 1,
  },
  {
    name: "a forbidden key below a key of 5 MB",
    path: "/chat/completions",
    body: chat(`"messages":[${user}],"${"k".repeat(5 * MEGABYTE)}":{"__proto__":1}`),
    status: 400,
    seconds: 1,
  },
  {
    name: "100,000 unknown keys",
    path: "/chat/completions",
    body: chat(`"messages":[${user}],${keys}`),
    status: 400,
    seconds: 1,
  },
  {
    name: "100,000 keys of metadata",
    path: "/chat/completions",
    body: chat(`"messages":[${user}],"metadata":{${keys}}`),
    status: 400,
    seconds: 1,
  },
  { name: "100,000 levels of lists", path: "/chat/completions", body: deep("[", "]"), status: 400, seconds: 1 },
  {
    name: "100,000 levels of objects",
    path: "/chat/completions",
    body: chat(`"messages":${deep('{"a":', "}").replace(":}", ":1}")}`),
    status: 400,
    seconds: 1,
  },
  { name: "a million open brackets", path: "/chat/completions", body: "[".repeat(MEGABYTE), status: 400, seconds: 1 },
  { name: "a million quotes", path: "/completions", body: '"'.repeat(MEGABYTE), status: 400, seconds: 1 },
  {
    name: "a number of a million digits",
    path: "/completions",
    body: chat(`"prompt":"x","seed":${"9".repeat(MEGABYTE)}`),
    status: 400,
    seconds: 1,
  },
  { name: "8 MB of spaces", path: "/embeddings", body: " ".repeat(8 * MEGABYTE), status: 400, seconds: 1 },
  {
    name: "a million tokens",
    path: "/embeddings",
    body: chat(`"input":[[${Array(MEGABYTE).fill(1).join(",")}]]`),
    status: 200,
    seconds: 1.5,
  },
  {
    name: "a body over the limit",
    path: "/embeddings",
    body: chat(`"input":"${"x".repeat(8 * MEGABYTE)}"`),
    status: 413,
    seconds: 1,
  },
];

describe("a large body", () => {
  const { engine } = countingEngine();
  const silent = { error: () => {}, warn: () => {} };
  const outlet = createOutlet({ models: { m: engine }, access: "open", logger: silent });

  test.each(large)("$name", { timeout: 30_000 }, async ({ path, body, status, seconds }) => {
    const began = process.threadCpuUsage();
    const response = await outlet.fetch(`http://outlet/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const text = await response.text();
    const { user: cpu, system } = process.threadCpuUsage(began);
    expect(response.status, text.slice(0, 300)).toBe(status);
    if (status !== 200) expect(text.length).toBeLessThan(1_024);
    expect((cpu + system) / 1e6).toBeLessThan(seconds);
  });
});
