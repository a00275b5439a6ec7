import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { createMock } from "../index.ts";
import { FLAGGED_WORDS } from "./flagged-words.ts";

function start(...rules: Parameters<ReturnType<typeof createMock>["script"]>) {
  const mock = createMock({ rules });
  return { mock, client: new OpenAI({ apiKey: "any", fetch: mock.fetch, maxRetries: 0 }) };
}

describe("moderations", () => {
  it("flags the words of its list, in any case, and nothing else", async () => {
    const { client } = start();
    const { id, model, results } = await client.moderations.create({
      input: ["I will KILL you.", "Where is the skillet?"],
    });
    expect(id).toMatch(/^modr-/);
    expect(model).toBe("omni-moderation-latest");
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
    expect(results[0]?.categories).toMatchObject({ violence: true, hate: false });
    expect(results[1]?.category_scores.violence).toBeLessThan(0.01);
  });

  it("has a word for every category, which it flags there", async () => {
    const { client } = start();
    for (const [name, words] of Object.entries(FLAGGED_WORDS)) {
      for (const input of words) {
        const { results } = await client.moderations.create({ input });
        expect(results[0]?.categories, input).toMatchObject({ [name]: true });
      }
    }
    const { results } = await client.moderations.create({ input: "x" });
    expect(Object.keys(FLAGGED_WORDS).toSorted()).toEqual(Object.keys(results[0]?.categories ?? {}).toSorted());
  });

  it("scores the same text the same, and counts it", async () => {
    const { client, mock } = start();
    const [one, two] = [
      await client.moderations.create({ input: "Hi" }),
      await client.moderations.create({ input: "Hi" }),
    ];
    expect(one.results).toEqual(two.results);
    await mock.calls[0]?.ended;
    expect(mock.calls[0]?.usage).toMatchObject({ input_tokens: 1, estimated: false });
  });

  it("plays scripts: categories, scores and errors", async () => {
    const { client } = start(
      { when: { operation: "createModeration", user: "first" }, reply: { moderation: ["hate", "sexual"] } },
      { when: { operation: "createModeration", user: "second" }, reply: { moderation: { violence: 0.7 } } },
      { when: { user: "third" }, reply: { error: 429 } },
      { reply: "A text answers no moderation." },
    );
    const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } } as const;
    const first = await client.moderations.create({ input: [{ type: "text", text: "the first" }, image] });
    expect(first.results[0]).toMatchObject({
      flagged: true,
      categories: { hate: true, sexual: true, violence: false },
    });
    const second = await client.moderations.create({ input: "the second" });
    expect(second.results[0]?.category_scores).toMatchObject({ violence: 0.7, hate: 0 });
    await expect(client.moderations.create({ input: "the third" })).rejects.toMatchObject({ status: 429 });
    expect((await client.moderations.create({ input: "kill" })).results[0]?.flagged).toBe(true);
  });
});
