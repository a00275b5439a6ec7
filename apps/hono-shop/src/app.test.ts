import { readdirSync } from "node:fs";
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
const conversationOf = async ({ api }: Visitor) => (await api.assistant.$get()).json();

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

describe("the assistant", () => {
  test("searches, and its answer comes in pieces and is remembered", async () => {
    const { shop, visitor } = await start();
    const reply = await visitor.ask("Show me something warm for winter");
    expect(reply).toMatchObject({ status: 200, done: true, steps: ["Looked for “something warm for winter”"] });
    expect(reply.text).toContain("Fjord Jacket");
    expect(reply.pieces).toBeGreaterThan(5);
    const { turns, model } = await conversationOf(visitor);
    expect(model).toBe("gpt-4o-mini");
    expect(turns).toEqual([
      {
        question: "Show me something warm for winter",
        parts: [{ step: reply.steps[0] }, { text: reply.text }],
        stopped: false,
      },
    ]);
    const [first, second] = shop.prompts();
    expect(first?.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(second?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(JSON.parse(String(second?.at(-1)?.content)).products[0]).toMatchObject({
      id: "fjord-jacket",
      in_stock: true,
    });
  });

  test("checks the stock, fills the basket with what was meant, shows it and takes things out", async () => {
    const { visitor } = await start();
    const stock = await visitor.ask("Is the Fjord jacket in stock?");
    expect(stock.steps).toEqual(["Looked for “the Fjord jacket”", "Checked the stock of Fjord Jacket"]);
    expect(stock.text).toContain("7");

    const added = await visitor.ask("Add two of them to my basket");
    expect(added.baskets).toEqual([
      {
        lines: [{ id: "fjord-jacket", name: "Fjord Jacket", priceCents: 28_900, quantity: 2 }],
        count: 2,
        totalCents: 57_800,
      },
    ]);
    expect(await basketOf(visitor)).toEqual(added.baskets[0]);

    await visitor.api.basket.$post({ json: { id: "kelp-mug", quantity: 1 } });
    const shown = await visitor.ask("What’s in my basket?");
    expect(shown.text).toMatch(/2 × \*\*Fjord Jacket\*\*[\s\S]*1 × \*\*Kelp Enamel Mug\*\*[\s\S]*€594\.00/);
    expect(shown.baskets).toEqual([]);

    const removed = await visitor.ask("Remove the mug, please");
    expect(removed.baskets.at(-1)?.lines.map(({ id }) => id)).toEqual(["fjord-jacket"]);
  });

  test("does not sell what is sold out, and says so", async () => {
    const { visitor } = await start();
    const reply = await visitor.ask("Put the Moraine Parka in my basket");
    expect(reply.text).toContain("sold out");
    expect(reply.baskets).toEqual([]);
  });

  test("knows prices: dearer things are left out", async () => {
    const { visitor } = await start();
    expect((await visitor.ask("boots")).text).toContain("Bergen Boots");
    const cheap = await visitor.ask("boots under 100 euros");
    expect(cheap.text).not.toContain("Bergen");
    expect(cheap.text).toContain("Tidal Wellies");
  });

  test("tells the model what its calls got wrong, and goes on", async () => {
    const { shop, visitor } = await start();
    const wrong = [
      { name: "no_such_tool", arguments: "{}" },
      { name: "check_stock", arguments: "{" },
      { name: "check_stock", arguments: '{"product_id":"gold"}' },
      { name: "add_to_basket", arguments: '{"product_id":"kelp-mug","quantity":-2}' },
      { name: "add_to_basket", arguments: '{"product_id":"kelp-mug"}' },
      { name: "remove_from_basket", arguments: '{"product_id":"kelp-mug"}' },
      { name: "show_basket", arguments: "[]" },
    ];
    const toolCalls = wrong.map((call, index) => ({
      id: `call_${index}`,
      type: "function" as const,
      function: call,
    }));
    shop.script({ message: { content: null, tool_calls: toolCalls }, finishReason: "length" }, "Sorry about that.");
    const reply = await visitor.ask("Do something");
    expect(reply).toMatchObject({ text: "Sorry about that.", done: true, baskets: [] });
    const results = shop.prompts()[1]?.filter(({ role }) => role === "tool") ?? [];
    expect(results.map(({ content }) => Object.keys(JSON.parse(String(content))))).toEqual([
      ...Array(6).fill(["error"]),
      ["basket"],
    ]);
  });

  test("has to answer in words after so many rounds of tools", async () => {
    const { shop, visitor } = await start({ maxRounds: 3 });
    shop.script((request) =>
      request.tool_choice === "none" ? "That is all." : { toolCalls: { name: "show_basket", arguments: {} } },
    );
    const reply = await visitor.ask("Go round in circles");
    expect(reply).toMatchObject({ text: "That is all.", done: true });
    expect(reply.steps).toHaveLength(3);
  });

  test("is stopped: the model stops, and what was said is kept and known", async () => {
    const { shop, visitor } = await start();
    shop.script({ text: "one two three ".repeat(300), tokensPerSecond: 100 }, "Fine.");
    const stop = new AbortController();
    const onText = (text: string) => text.includes("three") && stop.abort();
    await expect(visitor.ask("Count", { signal: stop.signal, onText })).rejects.toThrow(/abort/);
    await shop.abortSeen;
    await visitor.ask("Go on");
    const { turns } = await conversationOf(visitor);
    expect(turns[0]).toMatchObject({ stopped: true, parts: [{ text: expect.stringMatching(/^one two three/) }] });
    expect(shop.prompts()[1]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });

  test("is stopped before its first word", async () => {
    const { shop, visitor } = await start();
    const arrived = Promise.withResolvers<void>();
    const silence = () => {
      arrived.resolve();
      return { hang: true };
    };
    shop.script(silence, "Fine.");
    const stop = new AbortController();
    const asked = visitor.ask("Are you there?", { signal: stop.signal });
    await arrived.promise;
    stop.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await shop.abortSeen;
    expect((await visitor.ask("Hello?")).text).toBe("Fine.");
  });

  test("answers one question at a time: a newer one ends the one before it", async () => {
    const { shop, visitor } = await start();
    await visitor.ask("Hello!");
    shop.script({ text: "on and on ".repeat(300), tokensPerSecond: 100 }, "Second.");
    const begun = Promise.withResolvers<void>();
    visitor.ask("First?", { onText: () => begun.resolve() }).catch(() => {});
    await begun.promise;
    expect((await createVisitor(shop.url, visitor.cookie).ask("Second?")).text).toBe("Second.");
    await shop.abortSeen;
    const { turns } = await conversationOf(visitor);
    expect(turns.map(({ question, stopped }) => [question, stopped])).toEqual([
      ["Hello!", false],
      ["First?", true],
      ["Second?", false],
    ]);
  });

  test.each([
    ["before the first word", { error: { status: 400, message: "secret detail" } }, "did not accept"],
    ["because of too many requests", { error: 429 }, "busy"],
    ["mid-answer", { text: "one two three four", failAfter: 2 }, "broke off"],
  ])("that fails %s says so in plain words, and forgets the turn", async (_when, failure, words) => {
    const { shop, visitor } = await start();
    shop.script(failure, "Now it works.");
    const failed = await visitor.ask("Try this");
    expect(failed).toMatchObject({ done: false, error: expect.stringContaining(words) });
    expect((await conversationOf(visitor)).turns).toEqual([]);
    expect(await visitor.ask("Try this")).toMatchObject({ text: "Now it works.", done: true });
    expect(shop.prompts()[1]).toHaveLength(2);
  });

  test("remembers so many turns", async () => {
    const { visitor } = await start({ maxTurns: 2 });
    for (const question of ["Hello", "Hi", "Hey"]) await visitor.ask(question);
    expect((await conversationOf(visitor)).turns.map(({ question }) => question)).toEqual(["Hi", "Hey"]);
  });

  test("can forget the conversation; the basket stays", async () => {
    const { visitor } = await start();
    await visitor.ask("Add the Kelp Enamel Mug");
    expect((await visitor.api.assistant.$delete()).status).toBe(204);
    expect((await conversationOf(visitor)).turns).toEqual([]);
    expect((await basketOf(visitor)).count).toBe(1);
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

  test("unused for longest is forgotten", async () => {
    const { shop } = await start({ maxSessions: 2 });
    const [ada, bob, eve] = [createVisitor(shop.url), createVisitor(shop.url), createVisitor(shop.url)];
    const fill = (visitor: Visitor) => visitor.api.basket.$post({ json: { id: "kelp-mug", quantity: 1 } });
    await fill(ada);
    await fill(bob);
    await basketOf(ada);
    await fill(eve);
    expect(await Promise.all([ada, bob, eve].map(async (visitor) => (await basketOf(visitor)).count))).toEqual([
      1, 0, 1,
    ]);
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
