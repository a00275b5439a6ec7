import { openai } from "@outlet/engine-openai";
import { createMockServer } from "@outlet/mock";
import OpenAI from "openai";
import { createApp } from "./app.ts";
import { listen } from "./listen.ts";
import { createVisitor } from "./visitor.ts";

/** Longest time for one check, in milliseconds. */
const PATIENCE = 30_000;

const mock = await createMockServer({ tokensPerSecond: 100 });
const engine = openai({ baseURL: mock.url });
const key = "sk-of-this-run";
const { app, outlet } = createApp({ models: { "gpt-4o-mini": engine }, model: "gpt-4o-mini", key });
const server = await listen(app, 0);
const visitor = createVisitor(server.url);
let failures = 0;

await check("the page is served, with a strict content security policy and no key", async () => {
  const response = await fetch(server.url);
  const html = await response.text();
  must(response.status === 200 && html.includes("<textarea"), `status ${response.status}`);
  must(response.headers.get("content-security-policy")?.startsWith("default-src 'self'"), "no policy");
  must(!html.includes(key), "the key is in the page");
});

await check("an answer streams", async () => {
  const { text, pieces, done } = await visitor.ask("Hello! My name is Ada, and I am here to check that you stream.");
  must(done && pieces > 3 && text.length > 20, `${pieces} pieces: ${text}`);
});

await check("the second answer remembers the first question", async () => {
  const { text } = await visitor.ask("What is my name?");
  must(text.includes("Ada"), text);
});

await check("so does a reload, and nobody else", async () => {
  const mine = await createVisitor(server.url, visitor.cookie).conversation();
  const theirs = await createVisitor(server.url).conversation();
  must(mine.messages.length === 4 && theirs.messages.length === 0, "the conversation is not where it belongs");
});

await check("stopping mid-answer stops the model, and keeps what was said", async () => {
  const stop = new AbortController();
  const asked = visitor.ask("Tell me a long story about the sea, please.", {
    signal: stop.signal,
    onText: () => stop.abort(),
  });
  await asked.catch(() => {});
  const call = mock.calls.at(-1);
  await call?.ended;
  must(call?.aborted, `the mock saw the call end as ${call?.outcome}`);
  const last = (await visitor.conversation()).messages.at(-1);
  must(last?.stopped && last.content !== "", JSON.stringify(last));
});

await check("bad input is refused in words, and the model is not asked", async () => {
  const before = mock.calls.length;
  for (const message of [undefined, 7, "   ", "x".repeat(40_000)]) {
    const { status, error } = await visitor.ask(message);
    must(status === 400 && error, `status ${status}`);
  }
  must(mock.calls.length === before, "the model was asked");
});

await check("a failure of the model is told in words, and asking again works", async () => {
  mock.script({ times: 1, reply: { error: 400 } });
  const failed = await visitor.ask("Are you there?");
  must(failed.error && !failed.done, JSON.stringify(failed));
  const { done } = await visitor.ask("Are you there?");
  must(done, "no answer");
});

await check("/v1 answers the official SDK with the key, and nobody without", async () => {
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key });
  const { choices } = await client.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "Hello!" }],
  });
  must(choices[0]?.message.content, "an empty answer");
  const { status } = await fetch(`${server.url}/v1/models`);
  must(status === 401, `status ${status} without the key`);
});

await outlet.close({ graceMs: 0 });
await server.close();
await mock.close();
console.log(failures === 0 ? "\nEverything works." : `\n${failures} of the checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;

async function check(what: string, run: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing happened for ${PATIENCE / 1_000} seconds`)), PATIENCE);
  });
  try {
    await Promise.race([run(), expired]);
    console.log(`✓ ${what}`);
  } catch (error) {
    failures += 1;
    console.log(`✗ ${what}: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
}

function must(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
