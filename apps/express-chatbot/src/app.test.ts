import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, type Store } from "@outlet/core";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { type Chatbot, startChatbot } from "./chatbot.fixture.ts";
import type { Limits } from "./limits.ts";
import { createVisitor } from "./visitor.ts";

const opened: Chatbot[] = [];
afterEach(async () => {
  for (const chatbot of opened.splice(0)) await chatbot.close();
});

async function start(limits?: Partial<Limits>): Promise<Chatbot> {
  const chatbot = await startChatbot(limits);
  opened.push(chatbot);
  return chatbot;
}

describe("an answer", () => {
  test("comes in pieces and is remembered", async () => {
    const chatbot = await start();
    chatbot.script("one two three four five");
    const visitor = createVisitor(chatbot.url);
    const reply = await visitor.ask("Count");
    expect(reply).toMatchObject({ status: 200, text: "one two three four five", done: true });
    expect(reply.pieces).toBeGreaterThan(2);
    expect(await visitor.conversation()).toEqual({
      model: "gpt-4o-mini",
      messages: [
        { role: "user", content: "Count" },
        { role: "assistant", content: "one two three four five" },
      ],
    });
  });

  test("knows what was said before, by this visitor alone", async () => {
    const chatbot = await start();
    const [ada, bob] = [createVisitor(chatbot.url), createVisitor(chatbot.url)];
    await ada.ask("My name is Ada.");
    await bob.ask("Hello!");
    expect((await ada.ask("What is my name?")).text).toContain("Ada");
    expect((await bob.ask("What is my name?")).text).not.toContain("Ada");
  });

  test("starts from the instructions, which the page never sees", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("Hello!");
    const [first] = chatbot.prompts();
    expect(first?.[0]).toMatchObject({ role: "system", content: expect.stringContaining("friendly") });
    expect(JSON.stringify(await visitor.conversation())).not.toContain("friendly");
  });

  test("that is stopped stops the model, and is kept as far as it came", async () => {
    const chatbot = await start();
    chatbot.script({ text: "one two three ".repeat(500), tokensPerSecond: 100 }, "Fine.");
    const visitor = createVisitor(chatbot.url);
    const stop = new AbortController();
    const onText = (text: string) => text.includes("three") && stop.abort();
    await expect(visitor.ask("Count", { signal: stop.signal, onText })).rejects.toThrow(/abort/);
    await chatbot.abortSeen;
    const { messages } = await visitor.conversation();
    expect(messages).toMatchObject([{ content: "Count" }, { role: "assistant", stopped: true }]);
    expect(messages[1]?.content).toMatch(/^one two three/);
    await visitor.ask("Go on");
    const prompt = chatbot.prompts()[1];
    expect(prompt?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });

  test("that is stopped before its first word is left out of the next prompt", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("Hello!");
    const arrived = Promise.withResolvers<void>();
    const silence = () => {
      arrived.resolve();
      return { hang: true };
    };
    chatbot.script(silence, "Fine.");
    const stop = new AbortController();
    const asked = visitor.ask("Are you there?", { signal: stop.signal });
    await arrived.promise;
    stop.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await chatbot.abortSeen;
    expect((await visitor.ask("Hello?")).text).toBe("Fine.");
    const { messages } = await visitor.conversation();
    expect(messages[3]).toEqual({ role: "assistant", content: "", stopped: true });
    const prompt = chatbot.prompts()[2];
    expect(prompt?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "user"]);
  });

  test("that is stopped when it has just been kept is kept once, and whole", async () => {
    const stop = new AbortController();
    const keptAgain = Promise.withResolvers<void>();
    const memory = createMemoryStore();
    let writes = 0;
    const write: Store["write"] = async (changes) => {
      const said = changes.some((change) => "insert" in change && change.insert.collection === "conversation.item");
      if (!said) return memory.write(changes);
      writes += 1;
      const written = await memory.write(changes);
      if (writes > 1) keptAgain.resolve();
      else {
        // The API has added the turn, and the person stops before anybody is told.
        stop.abort();
        await keptAgain.promise;
      }
      return written;
    };
    const chatbot = await startChatbot({}, { ...memory, write });
    opened.push(chatbot);
    chatbot.script("one two three");
    const visitor = createVisitor(chatbot.url);
    await expect(visitor.ask("Count", { signal: stop.signal })).rejects.toThrow(/abort/);
    await keptAgain.promise;
    expect((await visitor.conversation()).messages).toEqual([
      { role: "user", content: "Count" },
      { role: "assistant", content: "one two three" },
    ]);
  });

  test("ends when a newer question comes from the same visitor", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("Hello!");
    chatbot.script({ text: "on and on ".repeat(500), tokensPerSecond: 100 }, "Second.");
    const otherTab = createVisitor(chatbot.url, visitor.cookie);
    const begun = new Promise<void>((resolve) => {
      visitor.ask("First?", { onText: () => resolve() }).catch(() => {});
    });
    await begun;
    expect((await otherTab.conversation()).messages.slice(2)).toEqual([
      { role: "user", content: "First?" },
      { role: "assistant", content: expect.stringMatching(/^on/) },
    ]);
    expect((await otherTab.ask("Second?")).text).toBe("Second.");
    await chatbot.abortSeen;
    const { messages } = await visitor.conversation();
    expect(messages.map(({ content }) => content)).toEqual([
      "Hello!",
      expect.any(String),
      "First?",
      expect.stringMatching(/^on/),
      "Second?",
      "Second.",
    ]);
    expect(messages[3]?.stopped).toBe(true);
  });
});

describe("a failure of the model", () => {
  test("before the first word is told in plain words, and leaves no trace", async () => {
    const chatbot = await start();
    chatbot.script({ error: { status: 400, message: "secret detail" } }, "Now it works.");
    const visitor = createVisitor(chatbot.url);
    const reply = await visitor.ask("Try this");
    expect(reply).toMatchObject({ text: "", done: false, error: "The model did not accept this message." });
    expect((await visitor.conversation()).messages).toEqual([]);
    expect(await visitor.ask("Try this")).toMatchObject({ text: "Now it works.", done: true });
    expect(chatbot.prompts()[1]).toHaveLength(2);
  });

  test("mid-answer is told in the stream, and leaves no trace", async () => {
    const chatbot = await start();
    chatbot.script({ text: "one two three four five", failAfter: 2 });
    const visitor = createVisitor(chatbot.url);
    const reply = await visitor.ask("Count");
    expect(reply).toMatchObject({ done: false, error: "The answer broke off." });
    expect(reply.text).toContain("one");
    expect((await visitor.conversation()).messages).toEqual([]);
  });
});

describe("limits", () => {
  test("the oldest turns go first", async () => {
    const chatbot = await start({ maxMessages: 4 });
    chatbot.script("One.", "Two.", "Three.");
    const visitor = createVisitor(chatbot.url);
    for (const question of ["1?", "2?", "3?"]) await visitor.ask(question);
    const { messages } = await visitor.conversation();
    expect(messages.map(({ content }) => content)).toEqual(["2?", "Two.", "3?", "Three."]);
  });

  test("a conversation has so many bytes, and the newest turn stays whatever its size", async () => {
    const chatbot = await start({ maxConversationBytes: 40 });
    chatbot.script("short", "x".repeat(60));
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("1?");
    await visitor.ask("2?");
    const { messages } = await visitor.conversation();
    expect(messages.map(({ content }) => content)).toEqual(["2?", "x".repeat(60)]);
  });

  test("an answer has so many tokens: it is kept as far as it came, and said to be cut", async () => {
    const chatbot = await start({ maxAnswerTokens: 20 });
    chatbot.script("word ".repeat(500));
    const visitor = createVisitor(chatbot.url);
    const reply = await visitor.ask("Talk");
    expect(reply).toMatchObject({ done: true, stopped: true });
    expect(reply.text.length).toBeLessThan(110);
    const { messages } = await visitor.conversation();
    expect(messages[1]).toEqual({ role: "assistant", content: reply.text, stopped: true });
  });

  test("a question may have so many bytes", async () => {
    const chatbot = await start({ maxQuestionBytes: 10 });
    const visitor = createVisitor(chatbot.url);
    expect(await visitor.ask("12345678901")).toMatchObject({ status: 400, error: expect.stringContaining("10 bytes") });
    expect(await visitor.ask("ééééé!")).toMatchObject({ status: 400 });
    expect(await visitor.ask("x".repeat(2_000))).toMatchObject({ status: 413, error: "That is too long." });
    expect(await visitor.ask("1234567890")).toMatchObject({ status: 200, done: true });
    expect(visitor.cookie).not.toBe("");
  });
});

describe("what comes in", () => {
  test.each([
    ["no text", { message: 7 }, 400],
    ["nothing", {}, 400],
    ["blanks", { message: "  \n " }, 400],
    ["a list", ["message"], 400],
    ["no JSON object", "message", 400],
  ])("%s is refused in words", async (_name, body, status) => {
    const chatbot = await start();
    const response = await post(chatbot, JSON.stringify(body), "application/json");
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(chatbot.prompts()).toEqual([]);
  });

  test("broken JSON, and what other sites' forms can send, are refused", async () => {
    const chatbot = await start();
    expect((await post(chatbot, '{"message"', "application/json")).status).toBe(400);
    expect((await post(chatbot, '{"message":"Hi"}', "text/plain")).status).toBe(400);
    expect((await post(chatbot, "message=Hi", "application/x-www-form-urlencoded")).status).toBe(400);
    expect(chatbot.prompts()).toEqual([]);
  });

  test("an unknown address is a 404 in JSON", async () => {
    const chatbot = await start();
    const response = await fetch(`${chatbot.url}/api/nothing`);
    expect([response.status, await response.json()]).toEqual([404, { error: "There is nothing at this address." }]);
  });
});

describe("a session", () => {
  test("with an id that the server did not make is not taken over", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url, "chat=made-up");
    expect((await visitor.conversation()).messages).toEqual([]);
    await visitor.ask("My name is Ada.");
    expect(visitor.cookie).toMatch(/^chat=conv_\w{32}$/);
    const guest = createVisitor(chatbot.url, "chat=made-up");
    expect((await guest.conversation()).messages).toEqual([]);
  });

  test("goes on after a restart, where the store does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chatbot-"));
    const startAgain = async () => startChatbot({}, await createSqliteStore({ file: join(folder, "chat.db") }));
    const first = await startAgain();
    const visitor = createVisitor(first.url);
    await visitor.ask("My name is Ada.");
    await first.close();
    const second = await startAgain();
    opened.push(second);
    const same = createVisitor(second.url, visitor.cookie);
    expect((await same.conversation()).messages).toHaveLength(2);
    expect((await same.ask("What is my name?")).text).toContain("Ada");
    rmSync(folder, { recursive: true });
  });

  test("is the page's alone: no key of /v1 opens it", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("My name is Ada.");
    const client = new OpenAI({ baseURL: `${chatbot.url}/v1`, apiKey: chatbot.key, maxRetries: 0 });
    const id = visitor.cookie.slice("chat=".length);
    await expect(client.conversations.items.list(id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  test("is a cookie that scripts and other sites cannot use", async () => {
    const chatbot = await start();
    const response = await post(chatbot, '{"message":"Hi"}', "application/json");
    await response.text();
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/; Path=\/api; HttpOnly; SameSite=Strict$/);
  });

  test("can start over", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("My name is Ada.");
    const before = visitor.cookie;
    await visitor.startOver();
    expect(visitor.cookie).toBe("chat=");
    expect((await visitor.conversation()).messages).toEqual([]);
    expect((await createVisitor(chatbot.url, before).conversation()).messages).toEqual([]);
  });
});

describe("the page", () => {
  test("may load nothing but this server's own files, and has no inline code", async () => {
    const chatbot = await start();
    const response = await fetch(chatbot.url);
    const html = await response.text();
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-powered-by")).toBeNull();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?:\/\//);
  });

  test("has no key: neither in its files nor in what its endpoints say", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    const reply = await visitor.ask("Hello!");
    const served = readdirSync(new URL("./public", import.meta.url)).map((file) => `/${file}`);
    for (const path of ["/", ...served, "/api/conversation"]) {
      const response = await fetch(`${chatbot.url}${path}`, { headers: { cookie: visitor.cookie } });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/sk-|authorization|api.?key/i);
    }
    expect(reply.text + visitor.cookie).not.toContain(chatbot.key);
    expect(readFileSync(new URL("./public/chat.js", import.meta.url), "utf8")).not.toContain("/v1");
  });
});

describe("/v1", () => {
  test("answers any OpenAI SDK that has the key", async () => {
    const chatbot = await start();
    chatbot.script("one two three");
    const client = new OpenAI({ baseURL: `${chatbot.url}/v1`, apiKey: chatbot.key, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Count" }],
      stream: true,
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("one two three");
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["gpt-4o-mini"]);
  });

  test("refuses everybody else: no key, a wrong key, the page's cookie", async () => {
    const chatbot = await start();
    const visitor = createVisitor(chatbot.url);
    await visitor.ask("Hello!");
    for (const headers of [{}, { authorization: "Bearer sk-wrong" }, { cookie: visitor.cookie }]) {
      const response = await fetch(`${chatbot.url}/v1/models`, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
    }
  });
});

function post(chatbot: Chatbot, body: string, contentType: string): Promise<Response> {
  return fetch(`${chatbot.url}/api/chat`, { method: "POST", headers: { "content-type": contentType }, body });
}
