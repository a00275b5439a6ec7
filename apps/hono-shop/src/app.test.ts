import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import type { Limits } from "./session/sessions.ts";
import { type Shop, startShop } from "./shop.fixture.ts";
import { createVisitor } from "./visitor.ts";

const opened: Shop[] = [];
afterEach(async () => {
  for (const shop of opened.splice(0)) await shop.close();
});

async function start(limits?: Partial<Limits>) {
  const shop = await startShop(limits);
  opened.push(shop);
  return { shop, visitor: createVisitor(shop.url) };
}

type Visitor = ReturnType<typeof createVisitor>;
const search = async ({ api }: Visitor, q: string) => (await api.products.search.$get({ query: { q } })).json();
const basketOf = async ({ api }: Visitor) => (await api.basket.$get()).json();

describe("the search", () => {
  test.each([
    ["tea over the campfire", "heather-kettle"],
    ["keeps the rain off", "skerry-raincoat"],
    ["always cold hands", "alder-mittens"],
    ["sleep under the stars", "lichen-sleeping-bag"],
    ["running shoes", "slate-runners"],
    ["Fjord jacket", "fjord-jacket"],
  ])("puts what was meant first: %s", async (query, id) => {
    const { visitor } = await start();
    expect((await search(visitor, query))[0]?.id).toBe(id);
  });

  test("leaves out what is far from it", async () => {
    const { visitor } = await start();
    const found = await search(visitor, "kettle for tea");
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(9);
    expect(found.map(({ id }) => id)).not.toContain("lund-sweater");
  });

  test("embeds the same words once", async () => {
    const { shop, visitor } = await start();
    await search(visitor, "warm socks");
    await search(visitor, " Warm socks ");
    expect(shop.embedded()).toEqual(["warm socks"]);
  });

  test.each(["", "  ", "x".repeat(201)])("refuses %j in words", async (q) => {
    const { shop, visitor } = await start();
    const response = await visitor.api.products.search.$get({ query: { q } });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(shop.embedded()).toEqual([]);
  });
});

describe("the catalogue", () => {
  test("is complete: every product has a name of its own, a price and a picture that is safe to show", async () => {
    const { shop, visitor } = await start();
    const products = await (await visitor.api.products.$get()).json();
    expect(products.length).toBeGreaterThanOrEqual(40);
    expect(new Set(products.map(({ name }) => name)).size).toBe(products.length);
    for (const { id, priceCents, description } of products) {
      expect([id, priceCents > 0, description.length > 40]).toEqual([id, true, true]);
      const picture = await fetch(`${shop.url}/api/products/pictures/${id}.svg`);
      expect(picture.headers.get("content-type")).toBe("image/svg+xml");
      expect(await picture.text()).toMatch(/^<svg (?!.*(undefined|NaN|<script|href=)).{600,}<\/svg>$/);
    }
    expect((await fetch(`${shop.url}/api/products/pictures/nothing.svg`)).status).toBe(404);
  });
});

describe("the basket", () => {
  test("is filled and emptied by the page", async () => {
    const { api } = (await start()).visitor;
    await api.basket.$post({ json: { id: "trail-socks", quantity: 2 } });
    await api.basket.$post({ json: { id: "trail-socks", quantity: 1 } });
    const more = await api.basket[":id"].$put({ param: { id: "trail-socks" }, json: { quantity: 5 } });
    expect(await more.json()).toMatchObject({ count: 5, totalCents: 9_500 });
    const none = await api.basket[":id"].$put({ param: { id: "trail-socks" }, json: { quantity: 0 } });
    expect(await none.json()).toEqual({ lines: [], count: 0, totalCents: 0 });
  });

  test.each([
    ["more than there is", { id: "tidal-wellies", quantity: 2 }, 400, "only 1"],
    ["what is sold out", { id: "moraine-parka", quantity: 1 }, 400, "sold out"],
    ["less than one", { id: "kelp-mug", quantity: 0 }, 400, "one or more"],
    ["half a mug", { id: "kelp-mug", quantity: 0.5 }, 400, "whole number"],
    ["what is not sold", { id: "__proto__", quantity: 1 }, 404, "no such product"],
  ])("refuses %s", async (_what, json, status, words) => {
    const { visitor } = await start();
    const response = await visitor.api.basket.$post({ json });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.stringContaining(words) });
    expect((await basketOf(visitor)).count).toBe(0);
  });

  test("holds so many different things", async () => {
    const { visitor } = await start();
    const products = (await (await visitor.api.products.$get()).json()).filter(({ stock }) => stock > 0);
    const answers = [];
    for (const { id } of products.slice(0, 21)) {
      answers.push((await visitor.api.basket.$post({ json: { id, quantity: 1 } })).status);
    }
    expect(answers).toEqual([...Array(20).fill(200), 400]);
  });
});

describe("what comes in", () => {
  test.each([
    ["no text", { message: 7 }],
    ["nothing", {}],
    ["blanks", { message: "  \n " }],
    ["a list", ["message"]],
    ["too much", { message: "x".repeat(1_001) }],
  ])("%s is refused in words, without a session", async (_name, body) => {
    const { shop } = await start();
    const response = await post(shop, JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(shop.prompts()).toEqual([]);
  });

  test("broken JSON, what other sites' forms can send, and what is far too long, are refused", async () => {
    const { shop } = await start();
    expect((await post(shop, '{"message"')).status).toBe(400);
    expect((await post(shop, '{"message":"Hi"}', "text/plain")).status).toBe(400);
    expect((await post(shop, "message=Hi", "application/x-www-form-urlencoded")).status).toBe(400);
    expect((await post(shop, `{"message":"${"x".repeat(20_000)}"}`)).status).toBe(413);
    expect(shop.prompts()).toEqual([]);
  });

  test("an unknown address is a 404 in JSON", async () => {
    const { shop } = await start();
    const response = await fetch(`${shop.url}/api/nothing`);
    expect([response.status, await response.json()]).toEqual([404, { error: "There is nothing at this address." }]);
  });
});

describe("a session", () => {
  test("with an id that the server did not make is not taken over", async () => {
    const { shop } = await start();
    const visitor = createVisitor(shop.url, "shop=made-up");
    await visitor.api.basket.$post({ json: { id: "kelp-mug", quantity: 1 } });
    expect(visitor.cookie).toMatch(/^shop=[\w-]{32}$/);
    expect((await basketOf(createVisitor(shop.url, "shop=made-up"))).count).toBe(0);
    expect((await basketOf(createVisitor(shop.url, visitor.cookie))).count).toBe(1);
  });

  test("is a cookie that scripts and other sites cannot use", async () => {
    const { shop } = await start();
    const response = await post(shop, '{"message":"Hi"}');
    await response.text();
    expect(response.headers.getSetCookie()[0]).toMatch(/; Path=\/api; HttpOnly; SameSite=Strict$/);
  });

  test("goes on after a restart, where the store does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "shop-"));
    const startAgain = async () => startShop({}, await createSqliteStore({ file: join(folder, "shop.db") }));
    const first = await startAgain();
    const visitor = createVisitor(first.url);
    await visitor.ask("Is the Fjord jacket in stock?");
    await visitor.api.basket.$post({ json: { id: "kelp-mug", quantity: 1 } });
    await first.close();
    const second = await startAgain();
    opened.push(second);
    const same = createVisitor(second.url, visitor.cookie);
    expect((await basketOf(same)).lines.map(({ id }) => id)).toEqual(["kelp-mug"]);
    expect((await (await same.api.assistant.$get()).json()).turns).toHaveLength(1);
    expect((await same.ask("Add two of them to my basket")).baskets[0]).toMatchObject({ count: 3 });
    rmSync(folder, { recursive: true });
  });

  test("that is idle for too long is forgotten with its responses, when another one comes", async () => {
    const { shop, visitor } = await start({ maxIdleDays: -1 });
    await visitor.ask("Hello!");
    expect(shop.kept.size).toBe(0);
    const { shop: patient, visitor: ada } = await start();
    await ada.ask("Hello!");
    await createVisitor(patient.url).ask("Hello!");
    expect(patient.kept.size).toBe(2);
  });
});

describe("the page", () => {
  test("may load nothing but this server's own files, and has no inline code", async () => {
    const { shop } = await start();
    const response = await fetch(shop.url);
    const html = await response.text();
    expect(response.headers.get("content-type")).toContain("text/html");
    const policy = response.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'self';.*require-trusted-types-for 'script'; trusted-types 'none'/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?:\/\//);
  });

  test("is served as it is written: there is no build step", async () => {
    const { shop } = await start();
    const script = await fetch(`${shop.url}/shop.js`);
    expect(script.headers.get("content-type")).toContain("javascript");
    expect(await script.text()).toBe(readFileSync(new URL("./public/shop.js", import.meta.url), "utf8"));
  });

  test("has no key, in none of its files", async () => {
    const { shop } = await start();
    for (const file of ["", ...readdirSync(new URL("./public", import.meta.url))]) {
      const response = await fetch(`${shop.url}/${file}`);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/sk-|authorization|api.?key|\/v1/i);
    }
  });
});

describe("/v1", () => {
  test("answers any OpenAI SDK that has the key", async () => {
    const { shop } = await start();
    const client = new OpenAI({ baseURL: `${shop.url}/v1`, apiKey: shop.key, maxRetries: 0 });
    const { data } = await client.embeddings.create({ model: "text-embedding-3-small", input: "wool" });
    expect(data[0]?.embedding).toHaveLength(1_536);
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["gpt-4o-mini", "text-embedding-3-small"]);
  });

  test("refuses everybody else: no key, a wrong key, the page's cookie", async () => {
    const { shop, visitor } = await start();
    await visitor.ask("Hello!");
    for (const headers of [{}, { authorization: "Bearer sk-wrong" }, { cookie: visitor.cookie }]) {
      const response = await fetch(`${shop.url}/v1/models`, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
    }
  });
});

function post(shop: Shop, body: string, type = "application/json"): Promise<Response> {
  return fetch(`${shop.url}/api/assistant`, { method: "POST", headers: { "content-type": type }, body });
}
