import { readdirSync, readFileSync } from "node:fs";
import { Logger } from "@nestjs/common";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Speak, startSpeak } from "./speak.fixture.ts";
import type { Limits } from "./tutor/lessons.service.ts";
import { createVisitor, type Visitor } from "./visitor.ts";

const opened: Speak[] = [];
afterEach(async () => {
  for (const speak of opened.splice(0)) await speak.close();
});

async function start(limits?: Partial<Limits>): Promise<{ speak: Speak; visitor: Visitor }> {
  const speak = await startSpeak(limits);
  opened.push(speak);
  return { speak, visitor: createVisitor(speak.url) };
}

/** A correction that finds nothing wrong, with these words. */
const fine = (...words: string[]) => ({
  json: { corrected: "Bien.", mistakes: [], words: words.map((word) => ({ word, meaning: `meaning of ${word}` })) },
});

describe("a turn", () => {
  test("brings a reply in pieces, a correction and new words, and all of it is remembered", async () => {
    const { visitor } = await start();
    await visitor.start("es", "A2");
    const turn = await visitor.say("Yo soy 30 años y me gusta el cafe.");
    expect(turn).toMatchObject({ status: 200, done: true, failed: null, uncorrected: false });
    expect(turn.pieces).toBeGreaterThan(3);
    expect(turn.correction).toMatchObject({
      corrected: "Yo tengo 30 años y me gusta el café.",
      mistakes: [
        { original: "soy 30 años", correction: "tengo 30 años", explanation: expect.stringContaining("tener") },
        { original: "cafe", correction: "café" },
      ],
    });
    expect(turn.words).toContainEqual({ word: "el desayuno", meaning: "breakfast", known: 0 });
    const { lesson } = await visitor.desk();
    expect(lesson).toMatchObject({ language: "es", level: "A2", words: turn.words });
    expect(lesson?.messages).toEqual([
      { from: "tutor", text: expect.stringContaining("Lucía"), stopped: false },
      { from: "learner", text: "Yo soy 30 años y me gusta el cafe.", correction: turn.correction },
      { from: "tutor", text: turn.reply, stopped: false },
    ]);
  });

  test("asks the model as a tutor of the language and level, with what was said before", async () => {
    const { speak, visitor } = await start();
    await visitor.start("fr", "B1");
    await visitor.say("Bonjour Camille !");
    await visitor.say("Je suis fatigué.");
    const [system, ...rest] = speak.prompts()[1] ?? [];
    expect(system).toMatchObject({ role: "system", content: expect.stringMatching(/Camille.*French.*B1/) });
    expect(rest.map(({ role }) => role)).toEqual(["assistant", "user", "assistant", "user"]);
    expect(JSON.stringify(await visitor.desk())).not.toContain("CEFR");
  });

  test("asks for the correction as strict structured output, of the last message beside the tutor's question", async () => {
    const { speak, visitor } = await start();
    await visitor.start("de");
    let asked: Record<string, unknown> | undefined;
    speak.scriptCorrections((request) => {
      asked = request;
      return fine();
    });
    await visitor.say("Mir geht es gut.");
    expect(asked?.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "correction", strict: true, schema: { required: ["corrected", "mistakes", "words"] } },
    });
    expect(asked?.messages).toMatchObject([{ role: "system" }, { role: "assistant" }, { content: "Mir geht es gut." }]);
  });

  test("that is stopped stops the model, and is kept as far as it came", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptReplies({ text: "uno dos tres ".repeat(500), tokensPerSecond: 100 }, "Bien.");
    const stop = new AbortController();
    const onReply = (text: string) => text.includes("tres") && stop.abort();
    await expect(visitor.say("Cuenta.", { signal: stop.signal, onReply })).rejects.toThrow(/abort/);
    await speak.abortSeen;
    await expect.poll(async () => (await visitor.desk()).lesson?.messages.at(-1)).toMatchObject({ stopped: true });
    await visitor.say("Sigue.");
    expect(speak.prompts()[1]?.at(-2)).toMatchObject({ role: "assistant", content: expect.stringMatching(/^uno dos/) });
  });

  test("ends when the same learner says something newer", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptReplies({ text: "palabra ".repeat(500), tokensPerSecond: 100 }, "Segunda.");
    const begun = Promise.withResolvers<void>();
    const first = visitor.say("Primera", { onReply: () => begun.resolve() });
    await begun.promise;
    expect((await createVisitor(speak.url, visitor.cookie).say("Otra")).reply).toBe("Segunda.");
    expect(await first).toMatchObject({ done: false });
    await speak.abortSeen;
  });

  test("whose reply fails is told in plain words and leaves no trace", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptReplies(
      { error: { status: 429, message: "secret detail" } },
      { text: "uno dos tres", failAfter: 2 },
      "Bien.",
    );
    expect(await visitor.say("Hola")).toMatchObject({ done: false, failed: expect.stringContaining("busy") });
    expect(await visitor.say("Hola")).toMatchObject({ done: false, failed: "The reply broke off." });
    expect((await visitor.desk()).lesson?.messages).toHaveLength(1);
    expect(await visitor.say("Hola")).toMatchObject({ reply: "Bien.", done: true });
    expect(speak.prompts()[2]).toHaveLength(3);
  });

  test.each([
    ["fails", { error: 500 }],
    ["has another shape", { json: { verdict: "good" } }],
    ["is declined", { refusal: "No." }],
  ])("whose correction %s goes on without one", async (_name, correction) => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptCorrections(correction);
    speak.scriptReplies("Bien.");
    expect(await visitor.say("Hola")).toMatchObject({
      reply: "Bien.",
      done: true,
      uncorrected: true,
      correction: null,
    });
    expect((await visitor.desk()).lesson?.messages[1]).toMatchObject({ from: "learner", correction: null });
  });

  test("under way when the application closes is heard to its end", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptReplies({ text: "uno dos tres cuatro cinco seis", tokensPerSecond: 40 });
    let closed: Promise<void> | undefined;
    const onReply = () => {
      // Else the server waits a few seconds for what else the connection may bring.
      speak.app.getHttpServer().keepAliveTimeout = 1;
      closed ??= speak.close();
    };
    expect(await visitor.say("Cuenta.", { onReply })).toMatchObject({
      reply: "uno dos tres cuatro cinco seis",
      done: true,
    });
    await closed;
    await expect(fetch(speak.url)).rejects.toThrow();
  });
});

describe("the mock tutor", () => {
  test.each([
    ["es", "Soy cansado", "Estoy cansado"],
    ["es", "Donde vives?", "¿Donde vives?"],
    ["fr", "Je suis 20 ans et je aime le cafe", "J’ai 20 ans et j’aime le café"],
    ["de", "Ich habe nach Berlin gefahren", "Ich bin nach Berlin gefahren"],
    ["de", "Der Mädchen trinkt kaffee", "Das Mädchen trinkt Kaffee"],
    ["it", "Mi piace i libri e la problema", "Mi piacciono i libri e il problema"],
    ["pt", "Sou 40 anos e gosto o mar", "Tenho 40 anos e gosto do mar"],
    ["nl", "Ik ben honger in de huis", "Ik heb honger in het huis"],
    ["es", "I don't know what you like", "¿Cómo se dice esto en español?"],
  ])("corrects in %s: %s", async (language, text, corrected) => {
    const { visitor } = await start();
    await visitor.start(language);
    const turn = await visitor.say(text);
    expect(turn.correction?.corrected).toBe(corrected);
    expect(turn.correction?.mistakes).not.toEqual([]);
    expect(turn.reply).not.toBe("");
  });

  test.each(["es", "fr", "de", "it", "pt", "nl"])("has no fault to find with its own words in %s", async (language) => {
    const { visitor } = await start();
    const { lesson } = await visitor.start(language, "B1");
    let text = lesson?.messages[0]?.text ?? "";
    const heard = new Set<string>();
    for (let turn = 0; turn < 4; turn++) {
      const { correction, reply } = await visitor.say(text);
      expect(correction).toMatchObject({ corrected: text, mistakes: [] });
      expect(heard.has(reply)).toBe(false);
      heard.add(reply);
      text = reply;
    }
  });
});

describe("words", () => {
  test("are collected once each, and counted when they are known", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    speak.scriptCorrections(fine("el pan", "la sal"), fine("El pan", "el agua"));
    await visitor.say("Uno");
    expect((await visitor.say("Dos")).words.map(({ word }) => word)).toEqual(["el agua"]);
    const review = async (known: boolean) => {
      const response = await visitor.call("POST", "/api/lesson/words/reviews", { word: "la sal", known });
      return ((await response.json()) as { known: number }).known;
    };
    for (const expected of [1, 2, 3, 3]) expect(await review(true)).toBe(expected);
    expect(await review(false)).toBe(0);
    expect((await visitor.words()).map(({ word }) => word)).toEqual(["el pan", "la sal", "el agua"]);
  });

  test("that are not in the list cannot be reviewed", async () => {
    const { visitor } = await start();
    await visitor.start();
    const review = (body: unknown) => visitor.call("POST", "/api/lesson/words/reviews", body);
    expect((await review({ word: "nada", known: true })).status).toBe(404);
    expect((await review({ word: "nada", known: "yes" })).status).toBe(400);
  });
});

describe("limits", () => {
  test("the oldest messages and words go first, and a reply is cut", async () => {
    const { speak, visitor } = await start({ maxMessages: 4, maxWords: 2, maxReply: 20 });
    await visitor.start();
    speak.scriptCorrections(fine("uno", "dos"), fine("tres"));
    speak.scriptReplies("Bien.", "palabra ".repeat(50));
    await visitor.say("A");
    expect((await visitor.say("B")).reply.length).toBeLessThan(40);
    const { lesson } = await visitor.desk();
    expect(lesson?.messages.map(({ text }) => text)).toEqual(["A", "Bien.", "B", expect.stringMatching(/^palabra/)]);
    expect(lesson?.words.map(({ word }) => word)).toEqual(["dos", "tres"]);
  });

  test("the lesson unused for longest is forgotten", async () => {
    const { speak, visitor: ada } = await start({ maxLessons: 2 });
    const [bob, eve] = [createVisitor(speak.url), createVisitor(speak.url)];
    await ada.start();
    await bob.start();
    await ada.words();
    await eve.start();
    expect((await ada.desk()).lesson).not.toBeNull();
    expect((await bob.desk()).lesson).toBeNull();
  });
});

describe("what comes in", () => {
  test.each([
    [{ language: "xx", level: "A1" }, "language"],
    [{ language: "es", level: "Z9" }, "level"],
    [{}, "language"],
    [["es", "A1"], "object"],
  ])("is no lesson: %j", async (body, named) => {
    const { visitor } = await start();
    const response = await visitor.call("POST", "/api/lesson", body);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain(named);
    expect(visitor.cookie).toBe("");
  });

  test.each([
    [{ text: "   " }, "Write something first."],
    [{ text: "x".repeat(601) }, "A message may have 600 characters."],
    [{ text: 7 }, "text"],
    [{}, "text"],
  ])("is no message: %j", async (body, named) => {
    const { speak, visitor } = await start();
    await visitor.start();
    const response = await visitor.call("POST", "/api/lesson/turns", body);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain(named);
    expect(speak.prompts()).toEqual([]);
  });

  test("without a lesson is refused by the guard", async () => {
    const { speak, visitor } = await start();
    for (const cookie of ["", "speak=made-up"]) {
      const stranger = createVisitor(speak.url, cookie);
      expect((await stranger.say("Hola")).status).toBe(401);
      expect((await stranger.call("GET", "/api/lesson/words")).status).toBe(401);
    }
    await visitor.start();
    await visitor.call("DELETE", "/api/lesson");
    expect((await visitor.say("Hola")).status).toBe(401);
  });

  test("from another site's page is refused", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    const headers = { cookie: visitor.cookie, "sec-fetch-site": "cross-site" };
    expect((await fetch(`${speak.url}/api/lesson`, { method: "DELETE", headers })).status).toBe(403);
  });

  test("gets a session of its own, which scripts cannot read", async () => {
    const { visitor } = await start();
    const response = await visitor.call("POST", "/api/lesson", { language: "es", level: "A1" });
    expect(response.headers.getSetCookie()[0]).toMatch(/^speak=[\w-]{32}; Path=\/api; HttpOnly; SameSite=Strict$/);
  });
});

describe("/v1", () => {
  test("answers the official SDK for the account that the guard recognizes", async () => {
    const { speak } = await start();
    const { OpenAI } = await import("openai");
    const logged = vi.spyOn(Logger.prototype, "log");
    const client = new OpenAI({ baseURL: `${speak.url}/v1`, apiKey: speak.key, maxRetries: 0 });
    const completion = await client.chat.completions.create({
      model: "tutor-1",
      messages: [{ role: "user", content: "Say hello." }],
    });
    expect(completion.choices[0]?.message.content).toBeTruthy();
    expect(logged.mock.calls.flat()).toContainEqual(
      expect.stringMatching(/^ada: createChatCompletion tutor-1 completed, \d+ tokens in, \d+ out$/),
    );
  });

  test("refuses everybody else: no key, a wrong key, the page's cookie", async () => {
    const { speak, visitor } = await start();
    await visitor.start();
    for (const headers of [{}, { authorization: "Bearer sk-wrong" }, { cookie: visitor.cookie }]) {
      const response = await fetch(`${speak.url}/v1/models`, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
    }
  });
});

describe("Swagger", () => {
  interface Document {
    paths: Record<string, Record<string, { operationId: string; requestBody?: unknown; security?: unknown }>>;
  }

  test("lists the application's operations with their schemas, beside the mounted ones", async () => {
    const { speak } = await start();
    const document = (await (await fetch(`${speak.url}/docs/openapi.json`)).json()) as Document;
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining([
        "createChatCompletion",
        "listModels",
        "getLesson",
        "startLesson",
        "takeTurn",
        "reviewWord",
      ]),
    );
    const take = document.paths["/api/lesson/turns"]?.post;
    expect(take?.security).toEqual([{ session: [] }]);
    expect(JSON.stringify(take?.requestBody)).toContain('"maxLength":600');
    expect(JSON.stringify(document.paths["/api/lesson"]?.get)).toContain("The learner's message without its mistakes");
  });
});

describe("the page", () => {
  test("may load nothing but this server's own files, and has no inline code", async () => {
    const { speak } = await start();
    const response = await fetch(speak.url);
    const html = await response.text();
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-powered-by")).toBeNull();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|https?:\/\//);
  });

  test("is served as it is written", async () => {
    const { speak } = await start();
    const script = readFileSync(new URL("../public/speak.js", import.meta.url), "utf8");
    expect(await (await fetch(`${speak.url}/speak.js`)).text()).toBe(script);
    expect(await (await fetch(speak.url)).text()).toContain('maxlength="600"');
  });

  test("has no key, and makes no HTML of what a model says", async () => {
    const { speak } = await start();
    for (const file of ["", ...readdirSync(new URL("../public", import.meta.url))]) {
      const response = await fetch(`${speak.url}/${file}`);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/\bsk-\w|authorization|\/v1|innerHTML|insertAdjacentHTML|https:/);
    }
  });
});
