import { openai } from "@outlet/engine-openai";
import { createMockServer } from "@outlet/mock";
import { hc } from "hono/client";
import OpenAI from "openai";
import { createApp, type ShopApp } from "./app.ts";
import { listen } from "./listen.ts";
import { mockRules } from "./mock-rules.ts";
import { createVisitor } from "./visitor.ts";

/** Longest time for one check, in milliseconds. */
const PATIENCE = 30_000;

const mock = await createMockServer({ rules: mockRules, tokensPerSecond: 100 });
const engine = openai({ baseURL: mock.url });
const key = "sk-of-this-run";
const [model, embeddingModel] = ["gpt-4o-mini", "text-embedding-3-small"];
const { app, outlet } = await createApp({
  models: { [model]: engine, [embeddingModel]: engine },
  model,
  embeddingModel,
  key,
});
const server = await listen(app, 0);
const visitor = createVisitor(server.url);
let failures = 0;

await check("the page is served, with a strict content security policy and no key", async () => {
  const response = await fetch(server.url);
  const html = await response.text();
  must(response.status === 200 && html.includes('type="search"'), `status ${response.status}`);
  must(response.headers.get("content-security-policy")?.startsWith("default-src 'self'"), "no policy");
  must(!html.includes(key), "the key is in the page");
});

await check("every product has a picture", async () => {
  const products = await (await visitor.api.products.$get()).json();
  must(products.length >= 40, `${products.length} products`);
  for (const { id } of products) {
    const response = await fetch(`${server.url}/api/products/pictures/${id}.svg`);
    must(response.headers.get("content-type") === "image/svg+xml", `${id} has none`);
    must((await response.text()).length > 500, `the picture of ${id} is empty`);
  }
});

await check("a search puts the right product first", async () => {
  const wanted = {
    "tea over the campfire": "heather-kettle",
    "keeps the rain off": "skerry-raincoat",
    boots: "bergen-boots",
  };
  for (const [q, id] of Object.entries(wanted)) {
    const found = await (await visitor.api.products.search.$get({ query: { q } })).json();
    must(found[0]?.id === id, `“${q}” found ${found.map((product) => product.id)}`);
  }
});

await check("the assistant searches the catalogue, and its answer streams", async () => {
  const { text, pieces, steps, done } = await visitor.ask("Show me something warm for winter");
  must(done && pieces > 3 && text.includes("Fjord Jacket"), `${pieces} pieces: ${text}`);
  must(
    steps.some((step) => step.startsWith("Looked for")),
    `steps: ${steps}`,
  );
});

await check("it checks the stock", async () => {
  const { text, steps } = await visitor.ask("Is the Fjord jacket in stock?");
  must(steps.at(-1) === "Checked the stock of Fjord Jacket" && text.includes("7"), `${steps}: ${text}`);
});

await check("it fills the basket, which the page is told at once", async () => {
  const { baskets, text } = await visitor.ask("Add two of them to my basket");
  must(baskets[0]?.count === 2 && text.includes("€578.00"), `${JSON.stringify(baskets)}: ${text}`);
  const basket = await (await visitor.api.basket.$get()).json();
  must(JSON.stringify(basket) === JSON.stringify(baskets[0]), JSON.stringify(basket));
});

await check("it knows what is in the basket, also what the page has put in", async () => {
  await visitor.api.basket.$post({ json: { id: "kelp-mug", quantity: 1 } });
  const { text } = await visitor.ask("What's in my basket?");
  must(text.includes("Fjord Jacket") && text.includes("Kelp Enamel Mug") && text.includes("€594.00"), text);
});

await check("it takes things out again", async () => {
  const { baskets } = await visitor.ask("Remove the mug, please");
  must(
    baskets
      .at(-1)
      ?.lines.map(({ id }) => id)
      .join() === "fjord-jacket",
    JSON.stringify(baskets),
  );
});

await check("the conversation and the basket are this visitor's alone", async () => {
  const mine = await (await createVisitor(server.url, visitor.cookie).api.assistant.$get()).json();
  const stranger = createVisitor(server.url);
  const theirs = await (await stranger.api.assistant.$get()).json();
  const { count } = await (await stranger.api.basket.$get()).json();
  must(mine.turns.length === 5 && theirs.turns.length === 0 && count === 0, "they are not where they belong");
});

await check("stopping mid-answer stops the model, and keeps what was said", async () => {
  const stop = new AbortController();
  const asked = visitor.ask("Show me things for a rainy night in the tent", {
    signal: stop.signal,
    onText: () => stop.abort(),
  });
  await asked.catch(() => {});
  const call = mock.calls.at(-1);
  await call?.ended;
  must(call?.aborted, `the mock saw the call end as ${call?.outcome}`);
  const { turns } = await (await visitor.api.assistant.$get()).json();
  must(turns.at(-1)?.stopped && turns.at(-1)?.parts.length === 2, JSON.stringify(turns.at(-1)));
});

await check("bad input is refused in words, and the model is not asked", async () => {
  const before = mock.calls.length;
  for (const message of [undefined, 7, "   ", "x".repeat(4_000)]) {
    const { status, error } = await visitor.ask(message);
    must(status === 400 && error, `status ${status}`);
  }
  for (const json of [
    { id: "fjord-jacket", quantity: -1 },
    { id: "fjord-jacket", quantity: 1_000 },
    { id: "moraine-parka", quantity: 1 },
    { id: "no-such-thing", quantity: 1 },
  ]) {
    const response = await visitor.api.basket.$post({ json });
    must([400, 404].includes(response.status), `status ${response.status} for ${JSON.stringify(json)}`);
  }
  const response = await visitor.api.products.search.$get({ query: { q: " " } });
  must((response.status as number) === 400, `status ${response.status} for an empty search`);
  must(mock.calls.length === before, "the model was asked");
});

await check("a failure of the model is told in words, and asking again works", async () => {
  mock.script({ times: 1, when: { operation: "createChatCompletion" }, reply: { error: 400 } });
  const failed = await visitor.ask("Is the tent in stock?");
  must(failed.error && !failed.done, JSON.stringify(failed));
  const { done } = await visitor.ask("Is the tent in stock?");
  must(done, "no answer");
});

await check("/v1 answers the official SDK and a typed client with the key, and nobody without", async () => {
  const sdk = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key });
  const { choices } = await sdk.chat.completions.create({ model, messages: [{ role: "user", content: "Hello!" }] });
  must(choices[0]?.message.content, "an empty answer");
  const client = hc<ShopApp>(server.url, { headers: { authorization: `Bearer ${key}` } });
  const vectors = await client.v1.embeddings.$post({ json: { model: embeddingModel, input: "wool" } });
  must(vectors.ok && (await vectors.json()).data.length === 1, "no vector");
  const { status } = await hc<ShopApp>(server.url).v1.models.$get();
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
