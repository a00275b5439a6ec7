import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { createMock } from "./mock.ts";
import { createMockServer } from "./server.ts";
import { ask, clientFor, collect, start, user } from "./test-support.ts";

const words = "one two three four five six seven eight nine ten";
const streaming = (client: OpenAI, options?: OpenAI.RequestOptions) =>
  client.chat.completions.create({ model: "gpt-4o", messages: [user("x")], stream: true }, options);

/** What came out of a stream before it ended, and how it ended. */
async function readAll(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  let text = "";
  try {
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
    return { text, error: null };
  } catch (error) {
    return { text, error: error as Error };
  }
}

describe("cutting the connection", () => {
  it("cuts a stream after so many tokens: no error event, no end", async () => {
    const { mock } = await start({ rules: [{ reply: { text: words, cutAfter: 4 } }] });
    const response = await fetch(`${mock.url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o", messages: [user("x")], stream: true }),
    });
    expect(response.status).toBe(200);
    let received = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
        received += decoder.decode(bytes, { stream: true });
      }
    })();
    await expect(reading).rejects.toThrow(/terminated|aborted/);
    expect(received.match(/"content":"[^"]+"/g)).toHaveLength(4);
    expect(received).not.toMatch(/\[DONE\]|"error"/);
    await mock.calls[0]?.ended;
    expect(mock.calls[0]).toMatchObject({ outcome: "cut", aborted: false, rule: "rule 1" });
  });

  it("is a broken stream to the SDK, and leaves the server well", async () => {
    const { client, mock } = await start({ rules: [{ reply: [{ text: words, cutAfter: 3 }, "well"] }] });
    const { text, error } = await readAll(await streaming(client));
    expect(text).toBe("one two three");
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(OpenAI.APIError);
    expect(await ask(client, "x")).toBe("well");
    expect(mock.calls.map(({ outcome }) => outcome)).toEqual(["cut", "completed"]);
  });

  it("cuts before anything is sent, streamed or not", async () => {
    const { client } = await start({ rules: [{ reply: { cutAfter: 0 } }] });
    await expect(ask(client, "x")).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    await expect(streaming(client)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  });

  it("does so without a socket as well", async () => {
    const mock = createMock({ rules: [{ reply: { text: words, cutAfter: 3 } }] });
    const client = new OpenAI({ apiKey: "x", fetch: mock.fetch, maxRetries: 0 });
    const { text, error } = await readAll(await streaming(client));
    expect([text, error?.message]).toEqual(["one two three", expect.stringContaining("cut")]);
    await expect(ask(client, "x")).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  });
});

describe("failing", () => {
  it("ends a stream in an error event after so many tokens", async () => {
    const { client, mock } = await start({
      rules: [{ reply: { text: words, failAfter: 2, error: { status: 500, message: "overheated" } } }],
    });
    const { text, error } = await readAll(await streaming(client));
    expect(text).toBe("one two");
    expect(error?.message).toMatch(/overheated/);
    await expect(ask(client, "x")).rejects.toMatchObject({ status: 500 });
    expect(mock.calls.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  });
});

describe("time", () => {
  it("spreads tokens over time", async () => {
    const { client } = await start({ tokensPerSecond: 20, rules: [{ reply: words }] });
    const start_ = performance.now();
    const arrivals: number[] = [];
    for await (const { choices } of await streaming(client)) {
      if (choices[0]?.delta.content) arrivals.push(performance.now() - start_);
    }
    expect(arrivals).toHaveLength(10);
    // None comes before its time; how much later is a busy machine's affair, if they do not all come together.
    for (const [i, arrival] of arrivals.entries()) expect(arrival).toBeGreaterThanOrEqual(50 * i);
    expect(arrivals.at(-1)).toBeGreaterThanOrEqual(495);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(100);
  });

  it("delays the first token, and a whole answer by as long as it would have streamed", async () => {
    const { client } = await start({ rules: [{ reply: { text: words, delayMs: 60, tokensPerSecond: 200 } }] });
    const before = performance.now();
    await ask(client, "x");
    expect(performance.now() - before).toBeGreaterThanOrEqual(105);
  });

  it("delays the default answer where a rule says no more than that", async () => {
    const { client } = await start({ rules: [{ reply: { delayMs: 40 } }] });
    const before = performance.now();
    expect(await ask(client, "Hello")).toMatch(/hello/i);
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  });

  it("hangs until the client leaves, and writes down that it did", async () => {
    const leaving = new AbortController();
    const hang = () => {
      leaving.abort();
      return { hang: true as const };
    };
    const { client, mock } = await start({ rules: [{ reply: hang }] });
    await expect(
      client.chat.completions.create({ model: "m", messages: [user("x")] }, { signal: leaving.signal }),
    ).rejects.toThrow(OpenAI.APIUserAbortError);
    await mock.calls[0]?.ended;
    expect(mock.calls[0]).toMatchObject({ outcome: "cancelled", aborted: true, status: 499, rule: "rule 1" });
  });

  it("notices a client that leaves in the middle of a stream", async () => {
    const { client, mock } = await start({ rules: [{ reply: { text: words, tokensPerSecond: 20 } }] });
    const stream = await streaming(client);
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    await mock.calls[0]?.ended;
    expect(mock.calls[0]).toMatchObject({ outcome: "cancelled", aborted: true, status: 200 });
  });
});

describe("browsers", () => {
  const preflight = {
    method: "OPTIONS",
    headers: { origin: "http://app.test", "access-control-request-headers": "x-a" },
  };

  it("lets pages in", async () => {
    const { mock } = await start();
    const asked = await fetch(`${mock.url}/chat/completions`, preflight);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toBe("x-a");
    const listed = await fetch(`${mock.url}/models`, { headers: { origin: "http://app.test" } });
    expect([listed.status, listed.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(mock.calls).toHaveLength(1);
  });

  it("does not where it is told not to", async () => {
    const { mock } = await start({ cors: false });
    const asked = await fetch(`${mock.url}/chat/completions`, preflight);
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([405, null]);
  });
});

describe("calls", () => {
  it("records requests as they were sent, without secrets", async () => {
    const { client, mock } = await start();
    await client.chat.completions.create(
      { model: "gpt-4o", messages: [user("Hi")], n: 2 },
      { headers: { "X-Test": "7", "api-key": "secret" } },
    );
    await ask(client, "Hi", { temperature: 9 }).catch(() => {});
    const [first, second] = mock.calls;
    expect(first).toMatchObject({
      operation: "createChatCompletion",
      method: "POST",
      path: "/v1/chat/completions",
      model: "gpt-4o",
      body: { n: 2, messages: [{ content: "Hi" }] },
      headers: { "x-test": "7", authorization: "[redacted]", "api-key": "[redacted]" },
      status: 200,
      outcome: "completed",
      rule: null,
      usage: { input_tokens: 8, estimated: false },
    });
    expect(first?.at).toBeInstanceOf(Date);
    expect(second).toMatchObject({ status: 400, outcome: "failed", body: { temperature: 9 } });
  });

  it("keeps the newest only, and tells of each", async () => {
    const told: string[] = [];
    const { client, mock } = await start({ history: 2, onCall: ({ operation }) => told.push(operation ?? "none") });
    await ask(client, "one");
    await collect(await streaming(client));
    await client.models.list();
    expect(mock.calls.map(({ operation }) => operation)).toEqual(["createChatCompletion", "listModels"]);
    expect(told).toEqual(["createChatCompletion", "createChatCompletion", "listModels"]);
  });

  it("ends with the block it is used in, and what hangs with it", async () => {
    let url = "";
    let asked: Promise<unknown>;
    {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
      const hanging = () => {
        arrive();
        return { hang: true };
      };
      await using mock = await createMockServer({ rules: [{ reply: hanging }] });
      url = mock.url;
      asked = ask(clientFor(mock), "x").catch((error: unknown) => error);
      await arrived;
    }
    expect(await asked).toBeInstanceOf(Error);
    await expect(fetch(`${url}/models`)).rejects.toThrow();
  });
});
