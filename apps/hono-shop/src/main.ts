import { randomBytes } from "node:crypto";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { createApp } from "./app.ts";
import { listen } from "./listen.ts";
import { closeOnSignal } from "./shutdown.ts";
import { connectUpstream } from "./upstream.ts";

const { OUTLET_KEY, PORT, HOST, SECURE_COOKIES, SHOP_DB } = process.env;
const upstream = await connectUpstream(process.env);
const { model, embeddingModel, engine } = upstream;
const key = OUTLET_KEY || `sk-${randomBytes(24).toString("base64url")}`;
const file = SHOP_DB || "shop.db";
const { app, outlet } = await createApp({
  models: { [model]: engine, [embeddingModel]: engine },
  model,
  embeddingModel,
  key,
  store: await createSqliteStore({ file }),
  secureCookies: SECURE_COOKIES === "1",
}).catch((error: Error) => fail(`The catalogue could not be embedded with ${embeddingModel}: ${error.message}`));
const port = Number(PORT || 3000);
const server = await listen(app, port, HOST).catch((error: NodeJS.ErrnoException) =>
  fail(error.code === "EADDRINUSE" ? `Port ${port} is taken; PORT names another.` : error.message),
);

console.log(`
  Shop         ${server.url}
  OpenAI API   ${server.url}/v1
  API key      ${OUTLET_KEY ? "the one in OUTLET_KEY" : `${key}  (new at every start; set OUTLET_KEY to keep one)`}
  Answers      ${model} and ${embeddingModel}, from ${upstream.name}
  Kept in      ${file}
`);

closeOnSignal([{ close: () => outlet.close({ graceMs: 5_000 }) }, server, upstream]);

function fail(words: string): never {
  console.error(words);
  process.exit(1);
}
