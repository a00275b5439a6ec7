import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyOut } from "./copy.ts";
import { packAll, type Tarballs } from "./packed.ts";
import { run, start } from "./shell.ts";
import { manifestOf, ROOT } from "./workspace.ts";

interface Sample {
  readonly name: string;
  /** What only its page says. */
  readonly page: string;
  /** Gives `/v1` the key that the test knows. */
  readonly key: Readonly<Record<string, string>>;
}

const KEY = "sk-of-the-copy";
const SAMPLES: readonly Sample[] = [
  { name: "nestjs-speak", page: "<title>", key: { OUTLET_KEYS: `tester:${KEY}` } },
  { name: "hono-shop", page: "<title>", key: { OUTLET_KEY: KEY } },
  { name: "express-chatbot", page: "<textarea", key: { OUTLET_KEY: KEY } },
];

let folder: string;
let tarballs: Tarballs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "outlet-samples-"));
  tarballs = await packAll(join(folder, "packed"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.concurrent("a copy, with the packed packages and nothing of the workspace,", () => {
  it.each(SAMPLES)("of $name installs, serves its page, answers and passes its own checks", async (sample) => {
    const copy = join(folder, sample.name);
    await copyOut(join(ROOT, "apps", sample.name), copy, tarballs);
    // Scripts of dependencies are not needed, and some of them would call home.
    await run("npm", ["install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], copy);
    if ((await manifestOf(copy)).scripts?.build) await run("npm", ["run", "build"], copy);
    await servesAndAnswers(copy, sample);
    expect(await run("npm", ["run", "verify"], copy)).toContain("✓");
  });
});

async function servesAndAnswers(copy: string, { page, key }: Sample): Promise<void> {
  const ready = /OpenAI API +(http:\/\/127\.0\.0\.1:\d+)\/v1[\s\S]*Answers .*mock/;
  const { match, interrupt } = await start("npm", ["start"], { cwd: copy, env: { PORT: "0", ...key }, ready });
  const [, url] = match;
  try {
    const response = await fetch(url as string);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(page);
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const body = JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello!" }] });
    const answer = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: expect.stringMatching(/\w/) } }] });
  } finally {
    await interrupt();
  }
}
