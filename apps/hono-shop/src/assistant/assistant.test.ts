import { afterEach, describe, expect, test } from "vitest";
import type { Limits } from "../session/sessions.ts";
import { type Shop, startShop } from "../shop.fixture.ts";
import { createVisitor } from "../visitor.ts";

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
const basketOf = async ({ api }: Visitor) => (await api.basket.$get()).json();
const conversationOf = async ({ api }: Visitor) => (await api.assistant.$get()).json();

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
    expect(await visitor.ask("Remove the tent")).toMatchObject({ text: "That is not in your basket.", baskets: [] });
  });

  test("does not sell what is sold out, and says so", async () => {
    const { visitor } = await start();
    const reply = await visitor.ask("Put the Moraine Parka in my basket");
    expect(reply.text).toContain("sold out");
    expect(reply.baskets).toEqual([]);
  });

  test("knows what a short answer is about", async () => {
    const { visitor } = await start();
    await visitor.ask("tea over the campfire");
    expect((await visitor.ask("Yes, please")).baskets[0]?.lines).toMatchObject([{ id: "heather-kettle", quantity: 1 }]);
    expect((await visitor.ask("I’ll take the second one too")).baskets[0]?.lines[1]).toMatchObject({
      id: "harbour-tea",
    });
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
    const steps = [
      "One can add",
      "One can add",
      "The Kelp Enamel Mug is not in the basket.",
      "Looked into your basket",
    ];
    expect(reply).toMatchObject({ text: "Sorry about that.", done: true, baskets: [] });
    expect(reply.steps).toEqual(steps.map((step) => expect.stringContaining(step)));
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

  test("is stopped while a tool is at work: the model may go on from there", async () => {
    const { shop, visitor } = await start();
    const searching = Promise.withResolvers<void>();
    shop.script({ toolCalls: { name: "search_products", arguments: { query: "wool", max_price: null } } }, "Fine.");
    shop.answerEmbeddings(() => {
      searching.resolve();
      return { hang: true };
    });
    const stop = new AbortController();
    const asked = visitor.ask("Something of wool", { signal: stop.signal });
    await searching.promise;
    stop.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await shop.abortSeen;
    expect((await visitor.ask("Hello?")).text).toBe("Fine.");
    expect(shop.prompts()[1]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool", "user"]);
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

  test("remembers so many turns, of an older conversation what the page shows of it", async () => {
    const { shop, visitor } = await start({ maxTurns: 2 });
    await visitor.ask("Show me boots");
    await visitor.ask("Are they in stock?");
    expect(
      shop
        .prompts()
        .at(-1)
        ?.filter(({ role }) => role === "user"),
    ).toHaveLength(2);
    const before = [...shop.kept.keys()];
    await visitor.ask("Thank you");
    expect((await conversationOf(visitor)).turns.map(({ question }) => question)).toEqual([
      "Are they in stock?",
      "Thank you",
    ]);
    expect(
      shop
        .prompts()
        .at(-1)
        ?.map(({ role }) => role),
    ).toEqual(["system", "user", "assistant", "user"]);
    expect(before.length).toBeGreaterThan(2);
    expect([...shop.kept.keys()]).toHaveLength(1);
    expect(before).not.toContain([...shop.kept.keys()][0]);
  });

  test("goes on from what the page shows when the store has forgotten the rest", async () => {
    const { shop, visitor } = await start();
    await visitor.ask("Show me boots");
    await shop.lose();
    shop.script({ error: 400 }, "Now it works.");
    expect(await visitor.ask("And now?")).toMatchObject({ done: false });
    expect(await visitor.ask("And now?")).toMatchObject({ text: "Now it works.", done: true });
    const prompt = shop.prompts().at(-1);
    expect(prompt?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(prompt?.[2]?.content).toContain("Bergen Boots");
    expect(shop.kept.size).toBe(1);
  });

  test("leaves no response of a turn that fails after its tools", async () => {
    const { shop, visitor } = await start();
    await visitor.ask("Hello!");
    const before = [...shop.kept.keys()];
    shop.script({ toolCalls: { name: "show_basket", arguments: {} } }, { error: 400 }, "Now it works.");
    expect(await visitor.ask("What is in it?")).toMatchObject({ steps: ["Looked into your basket"], done: false });
    expect([...shop.kept.keys()]).toEqual(before);
    expect(await visitor.ask("What is in it?")).toMatchObject({ text: "Now it works.", done: true });
    expect(
      shop
        .prompts()
        .at(-1)
        ?.map(({ role }) => role),
    ).toEqual(["system", "user", "assistant", "user"]);
  });

  test("can forget the conversation, also in the store; the basket stays", async () => {
    const { shop, visitor } = await start();
    await visitor.ask("Add the Kelp Enamel Mug");
    expect(shop.kept.size).toBeGreaterThan(1);
    expect((await visitor.api.assistant.$delete()).status).toBe(204);
    expect((await conversationOf(visitor)).turns).toEqual([]);
    expect(shop.kept.size).toBe(0);
    expect((await basketOf(visitor)).count).toBe(1);
  });
});
