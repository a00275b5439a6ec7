import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { OpenAI } from "openai";
import { AppModule } from "./app.module.ts";
import { configure } from "./configure.ts";
import { createVisitor } from "./visitor.ts";

/** Longest time for one check, in milliseconds. */
const PATIENCE = 30_000;
const KEY = "sk-of-this-run";

// Always the mock tutor, also where OPENAI_API_KEY is set: a check must not cost anything.
process.env.OPENAI_API_KEY = "";
process.env.OUTLET_KEYS = `verify:${KEY}`;
process.env.TUTOR_MODEL = "";
process.env.PORT = "";

const app = configure(await NestFactory.create<NestExpressApplication>(AppModule, { logger: ["error", "warn"] }));
await app.listen(0, "127.0.0.1");
const url = await app.getUrl();
const visitor = createVisitor(url);
let failures = 0;

await check("the page is served, with a strict content security policy and no key", async () => {
  const response = await fetch(url);
  const html = await response.text();
  must(response.status === 200 && html.includes("<textarea"), `status ${response.status}`);
  must(response.headers.get("content-security-policy")?.startsWith("default-src 'self'"), "no policy");
  must(!html.includes(KEY), "the key is in the page");
});

await check("the guard lets nobody speak without a lesson", async () => {
  const { status } = await createVisitor(url, "speak=made-up").say("Hola");
  must(status === 401, `status ${status}`);
});

await check("a lesson begins, and what is none is refused with 400", async () => {
  const refused = await visitor.call("POST", "/api/lesson", { language: "xx", level: "A2" });
  must(refused.status === 400, `status ${refused.status}`);
  const { lesson } = await visitor.start("es", "A2");
  must(lesson?.messages[0]?.text.includes("Lucía"), JSON.stringify(lesson));
});

await check("a turn streams a reply, and corrects", async () => {
  const turn = await visitor.say("Yo soy 30 años y me gusta el cafe.");
  must(turn.done && turn.pieces > 3, JSON.stringify(turn));
  must(turn.correction?.corrected === "Yo tengo 30 años y me gusta el café.", JSON.stringify(turn.correction));
  must(
    turn.correction.mistakes.every(({ explanation }) => explanation !== ""),
    "a mistake without a reason",
  );
});

await check("words are collected, and remember what was known", async () => {
  const [first] = await visitor.words();
  must(first, "there are none");
  await visitor.call("POST", "/api/lesson/words/reviews", { word: first.word, known: true });
  must((await visitor.words())[0]?.known === 1, "it was not counted");
});

await check("messages that are none are refused with 400", async () => {
  for (const text of [undefined, 7, "   ", "x".repeat(700)]) {
    const { status } = await visitor.say(text);
    must(status === 400, `status ${status}`);
  }
});

await check("a reload shows the lesson to this visitor, and to nobody else", async () => {
  const mine = await createVisitor(url, visitor.cookie).desk();
  const theirs = await createVisitor(url).desk();
  must(mine.lesson?.messages.length === 3 && theirs.lesson === null, "the lesson is not where it belongs");
});

await check("Swagger lists the operations of the app and of the OpenAI API", async () => {
  const document = await (await fetch(`${url}/docs/openapi.json`)).text();
  for (const operation of ["takeTurn", "reviewWord", "createChatCompletion", "listModels"]) {
    must(document.includes(`"operationId":"${operation}"`), `${operation} is missing`);
  }
  must((await fetch(`${url}/docs`)).status === 200, "there is no page");
});

await check("/v1 answers the official SDK with the key, and nobody without", async () => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY });
  const { choices } = await client.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "Hello!" }],
  });
  must(choices[0]?.message.content, "an empty answer");
  for (const headers of [{}, { authorization: "Bearer sk-wrong" }, { cookie: visitor.cookie }]) {
    const { status } = await fetch(`${url}/v1/models`, { headers: headers as Record<string, string> });
    must(status === 401, `status ${status}`);
  }
});

await app.close();
console.log(failures === 0 ? "\nEverything works." : `\n${failures} of the checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;

async function check(what: string, run: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing happened for ${PATIENCE / 1_000} seconds`)), PATIENCE);
  });
  try {
    await Promise.race([run(), expired]);
    console.log(`✓ ${what}`);
  } catch (error) {
    failures += 1;
    console.log(`✗ ${what}: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
}

function must(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
