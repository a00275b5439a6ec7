import { describe, expect, it } from "vitest";
import { start } from "../test-support.ts";
import { encodingNamed } from "../tokens/encoding.ts";
import { cosine, embedText } from "./embed-text.ts";

const near = (a: string, b: string) => cosine(embedText(a, 1536), embedText(b, 1536));

describe("embeddings", () => {
  it("brings texts near that share words or their forms", () => {
    const unrelated = near("a cheap red bicycle", "quarterly tax filing deadline");
    expect(near("a cheap red bicycle", "an inexpensive red bike")).toBeGreaterThan(unrelated + 0.2);
    expect(near("running shoes", "shoes for a runner")).toBeGreaterThan(near("running shoes", "kitchen knives") + 0.3);
    expect(near("How do I reset my password?", "password resets")).toBeGreaterThan(0.4);
    expect(near("Grüße aus München", "münchen")).toBeGreaterThan(0.3);
    expect(near("same text", "same text")).toBeCloseTo(1);
    expect(Math.abs(unrelated)).toBeLessThan(0.15);
  });

  it("finds the right document", () => {
    const documents = [
      "Refunds are paid within five days of a return.",
      "Our office in Lyon is open on weekdays.",
      "Reset a forgotten password from the login page.",
    ];
    const best = (query: string) =>
      documents.map((text) => [near(query, text), text] as const).sort((a, b) => b[0] - a[0])[0]?.[1];
    expect(best("when will my refund arrive")).toBe(documents[0]);
    expect(best("which days is the Lyon office opened")).toBe(documents[1]);
    expect(best("I forgot my password")).toBe(documents[2]);
  });

  it("has each model's dimensions, and those that are asked for", async () => {
    const { client } = await start();
    const lengthOf = async (model: string, dimensions?: number) => {
      const more = dimensions === undefined ? {} : { dimensions };
      const { data } = await client.embeddings.create({ model, input: "hello", ...more });
      const vector = data[0]?.embedding ?? [];
      expect(cosine(vector, vector)).toBeCloseTo(1, 4);
      return vector.length;
    };
    expect(await lengthOf("text-embedding-3-small")).toBe(1536);
    expect(await lengthOf("text-embedding-ada-002")).toBe(1536);
    expect(await lengthOf("text-embedding-3-large")).toBe(3072);
    expect(await lengthOf("text-embedding-3-small", 256)).toBe(256);
    await expect(lengthOf("text-embedding-3-small", 1537)).rejects.toMatchObject({ status: 400, param: "dimensions" });
    await expect(lengthOf("text-embedding-ada-002", 256)).rejects.toMatchObject({ status: 400 });
  });

  it("takes tokens for text, and counts them", async () => {
    const { client } = await start();
    const text = "a cheap red bicycle";
    const tokens = encodingNamed("cl100k_base").encode(text);
    const request = { model: "text-embedding-3-small", encoding_format: "float" } as const;
    const [asText, asTokens] = await Promise.all(
      [[text], [tokens]].map((input) => client.embeddings.create({ ...request, input: input as string[] })),
    );
    expect(asTokens?.data[0]?.embedding).toEqual(asText?.data[0]?.embedding);
    expect(asTokens?.usage).toEqual({ prompt_tokens: tokens.length, total_tokens: tokens.length });
    expect(asText?.usage).toEqual(asTokens?.usage);
  });

  it("gives every text a vector, whatever it is", () => {
    for (const text of [" ", "🤖", "?!", "x", "的"]) {
      const vector = embedText(text, 64);
      expect(cosine(vector, vector)).toBeCloseTo(1);
    }
  });
});
