import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { ask, collect, start, user } from "./test-support.ts";
import { encodingNamed } from "./tokens/encoding.ts";

const encoding = encodingNamed("o200k_base");

describe("chat without a script", () => {
  it("answers about the user's last message, in several sentences, and says that it is a mock", async () => {
    const { client } = await start();
    const text = await ask(client, "Tell me about lighthouse keepers in Norway.");
    expect(text).toMatch(/lighthouse keepers/i);
    expect(text.split(/[.?] /).length).toBeGreaterThan(3);
    expect(text).toMatch(/mock/);
  });

  it("gives the same answer to the same request, and the stream of it", async () => {
    const { client } = await start();
    const request = { model: "gpt-4o", messages: [user("How do tides work near the coast? 🌊")] };
    const texts = await Promise.all([1, 2, 3].map(() => ask(client, request.messages[0]?.content ?? "")));
    const chunks = await collect(await client.chat.completions.create({ ...request, stream: true }));
    const streamed = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? "").join("");
    expect(new Set([...texts, streamed]).size).toBe(1);
    expect(await ask(client, "How do volcanoes work?")).not.toBe(texts[0]);
  });

  it("streams one token a chunk, and never half a character", async () => {
    const { client } = await start();
    const emoji = "Say 🤖🦜🧶 née Müller 你好👩‍👩‍👧";
    const stream = await client.chat.completions.create({ model: "gpt-4o", messages: [user(emoji)], stream: true });
    const pieces = (await collect(stream)).map(({ choices: [choice] }) => choice?.delta.content ?? "").filter(Boolean);
    expect(pieces.join("")).toBe("🤖🦜🧶 née Müller 你好👩‍👩‍👧.");
    expect(pieces.join("")).not.toContain("\uFFFD");
    expect(pieces.every((piece) => encoding.encode(piece).length <= 4)).toBe(true);
    expect(pieces.length).toBeGreaterThan(8);
  });

  it("counts tokens as the vocabulary does", async () => {
    const { client } = await start();
    const completion = await client.chat.completions.create({ model: "gpt-4o", messages: [user("Say one two three")] });
    expect(completion.choices[0]?.message.content).toBe("One two three.");
    // 3 for the reply, 3 for the message, 1 for its role, 4 for its text.
    expect(completion.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 });
  });

  it("remembers what the user said of themselves", async () => {
    const { client } = await start();
    const said = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [
        user("My name is Ada, and my favourite colour is teal."),
        { role: "assistant", content: "Hello!" },
        user("What is my favourite colour?"),
      ],
    });
    expect(said.choices[0]?.message.content).toContain("teal");
    expect(await ask(client, "What's my name?")).toMatch(/not told me your name/);
  });

  it("honours max_completion_tokens to the token, and stop", async () => {
    const { client } = await start();
    for (const limit of [1, 7, 20]) {
      const cut = await client.chat.completions.create({
        model: "gpt-4o",
        messages: [user("Describe the history of bridges")],
        max_completion_tokens: limit,
      });
      expect(cut.choices[0]?.finish_reason).toBe("length");
      expect(cut.usage?.completion_tokens).toBe(limit);
      expect(encoding.encode(cut.choices[0]?.message.content ?? "")).toHaveLength(limit);
    }
    expect(await ask(client, "Say apples, pears and plums", { stop: [", ", "plums"] })).toBe("Apples");
  });

  it("reports reasoning on models that reason, by effort", async () => {
    const { client } = await start();
    const spent = async (model: string, reasoning_effort: OpenAI.ReasoningEffort) => {
      const { usage } = await client.chat.completions.create({ model, reasoning_effort, messages: [user("Why?")] });
      return usage?.completion_tokens_details?.reasoning_tokens ?? -1;
    };
    expect(await spent("gpt-4o", "high")).toBe(0);
    expect(await spent("gpt-5", "minimal")).toBe(0);
    const [low, high] = [await spent("gpt-5", "low"), await spent("gpt-5", "high")];
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
    expect(await spent("gpt-5", "high")).toBe(high);
  });

  it("gives log probabilities for every token", async () => {
    const { client } = await start();
    const request = {
      model: "gpt-4o",
      messages: [user("Say hello 🤖 world")],
      logprobs: true,
      top_logprobs: 3,
    } as const;
    const whole = await client.chat.completions.create({ ...request, messages: [...request.messages] });
    const tokens = whole.choices[0]?.logprobs?.content ?? [];
    expect(tokens).toHaveLength(whole.usage?.completion_tokens ?? 0);
    const bytes = tokens.flatMap((token) => token.bytes ?? []);
    expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(whole.choices[0]?.message.content);
    for (const { logprob, token, top_logprobs } of tokens) {
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top_logprobs).toHaveLength(3);
      expect(top_logprobs[0]?.token).toBe(token);
      expect(new Set(top_logprobs.map((one) => one.token)).size).toBe(3);
      expect(top_logprobs.reduce((sum, one) => sum + Math.exp(one.logprob), 0)).toBeLessThanOrEqual(1.001);
    }
    const chunks = await collect(
      await client.chat.completions.create({ ...request, messages: [...request.messages], stream: true }),
    );
    expect(chunks.flatMap(({ choices: [choice] }) => choice?.logprobs?.content ?? [])).toEqual(tokens);
  });

  it("gives choices that differ, for n", async () => {
    const { client } = await start();
    const { choices } = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [user("Describe the history of bridges")],
      n: 3,
    });
    expect(new Set(choices.map(({ message }) => message.content)).size).toBe(3);
  });

  it("acknowledges images that it cannot look into", async () => {
    const { client } = await start();
    const { choices } = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Describe this painting" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
          ],
        },
      ],
    });
    expect(choices[0]?.message.content).toMatch(/one image.*painting/i);
  });

  it("refuses what a mock has not got, by name", async () => {
    const { client } = await start();
    const refused = ask(client, "Hi", { modalities: ["text", "audio"], audio: { format: "wav", voice: "alloy" } });
    await expect(refused).rejects.toMatchObject({ status: 400, code: "unsupported_parameter" });
  });

  it("survives a prompt that has no blanks at all, and the markers of the vocabulary", async () => {
    const { client } = await start();
    const before = performance.now();
    expect(await ask(client, "a".repeat(300_000))).toBeTruthy();
    expect(performance.now() - before).toBeLessThan(5000);
    expect(await ask(client, "Say <|endoftext|> twice")).toContain("<|endoftext|>");
  });
});

describe("models and access", () => {
  it("lists well known models and answers any other", async () => {
    const { client } = await start();
    const ids = (await collect(client.models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["gpt-4o", "gpt-3.5-turbo-instruct", "text-embedding-3-small"]));
    expect(await ask(client, "Hi", { model: "my-own/finetune" })).toMatch(/hello/i);
  });

  it("takes any key, unless keys are given", async () => {
    const open = await start();
    expect(await ask(open.client, "Hi")).toBeTruthy();
    const locked = await start({ keys: ["sk-right"], models: ["gpt-4o"] });
    await expect(ask(locked.client, "Hi")).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(locked.mock.calls[0]).toMatchObject({ status: 401, outcome: "failed", operation: "createChatCompletion" });
    const right = locked.client.withOptions({ apiKey: "sk-right" });
    expect(await ask(right, "Hi")).toBeTruthy();
    await expect(ask(right, "Hi", { model: "gpt-9" })).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });
});
