import { describe, expect, it } from "vitest";
import { collect, start } from "./test-support.ts";
import { encodingNamed } from "./tokens/encoding.ts";

const model = "gpt-3.5-turbo-instruct";

describe("completions without a script", () => {
  it("continues a text, to the token", async () => {
    const { client } = await start();
    const completion = await client.completions.create({ model, prompt: "Once upon a time in Lisbon", max_tokens: 12 });
    expect(completion.choices[0]?.finish_reason).toBe("length");
    expect(completion.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 12 });
    expect(encodingNamed("cl100k_base").encode(completion.choices[0]?.text ?? "")).toHaveLength(12);
  });

  it.each([
    ["cat -> cats\ndog -> dogs\nbird ->", " birds"],
    ["apple => APPLE\npear =>", " PEAR"],
    ["3 = 6\n5 = 10\n7 =", " 14"],
    ["Q: Capital of France?\nA: Paris\n\nQ: Capital of Italy?\nA: Rome\n\nQ: Capital of France?\nA:", " Paris"],
    [
      "Review: I loved this film\nSentiment: good\nReview: boring plot\nSentiment: bad\nReview: loved the film\nSentiment:",
      " good",
    ],
    ["Say this is a test", "\n\nThis is a test."],
  ])("continues the pattern of %j", async (prompt, expected) => {
    const { client } = await start();
    const { choices } = await client.completions.create({ model, prompt });
    expect(choices[0]).toMatchObject({ text: expected, finish_reason: "stop" });
  });

  it("takes prompts as tokens, and several at once", async () => {
    const { client } = await start();
    const tokens = encodingNamed("cl100k_base").encode("cat -> cats\nbird ->");
    const { choices, usage } = await client.completions.create({ model, prompt: [tokens, tokens] });
    expect(choices.map(({ text }) => text)).toEqual([" birds", " birds"]);
    expect(usage?.prompt_tokens).toBe(2 * tokens.length);
    const unknown = client.completions.create({ model, prompt: [99_999_999] });
    await expect(unknown).rejects.toMatchObject({ status: 400 });
  });

  it("gives log probabilities in the legacy shape, with echo and offsets", async () => {
    const { client } = await start();
    const prompt = "cat -> cats\nbird ->";
    const { choices } = await client.completions.create({ model, prompt, logprobs: 2, echo: true });
    const logprobs = choices[0]?.logprobs;
    expect(choices[0]?.text).toBe(`${prompt} birds`);
    expect(logprobs?.tokens?.join("")).toBe(`${prompt} birds`);
    expect(logprobs?.text_offset?.at(-1)).toBe(prompt.length);
    expect(Object.keys(logprobs?.top_logprobs?.at(-1) ?? {})).toHaveLength(2);
    expect(logprobs?.token_logprobs).toHaveLength(logprobs?.tokens?.length ?? -1);
  });

  it("streams, honours stop, and fits a suffix", async () => {
    const { client } = await start();
    const stream = await client.completions.create({ model, prompt: "a -> ab\nc ->", stream: true });
    expect((await collect(stream)).map(({ choices: [choice] }) => choice?.text ?? "").join("")).toBe(" cb");
    const stopped = await client.completions.create({ model, prompt: "Say red, green", stop: "," });
    expect(stopped.choices[0]).toMatchObject({ text: "\n\nRed", finish_reason: "stop" });
    const suffixed = await client.completions.create({
      model,
      prompt: "Harbours",
      suffix: "The end.",
      max_tokens: 200,
    });
    expect(suffixed.choices[0]?.text).toMatch(/^ .+ $/s);
  });

  it("ranks with best_of", async () => {
    const { client } = await start();
    const { choices } = await client.completions.create({
      model,
      prompt: "Harbours",
      n: 2,
      best_of: 4,
      max_tokens: 20,
    });
    expect(choices).toHaveLength(2);
  });
});
