import { randomBytes } from "node:crypto";
import { createSqliteStore } from "@outlet/store-sql/sqlite";
import { createApp } from "./app.ts";
import { listen } from "./listen.ts";
import { closeOnSignal } from "./shutdown.ts";
import { connectUpstream } from "./upstream.ts";

const upstream = await connectUpstream(process.env);
const key = process.env.OUTLET_KEY || `sk-${randomBytes(24).toString("base64url")}`;
const file = process.env.CHAT_DB || "chatbot.db";
// Conversations go on after a restart.
const store = await createSqliteStore({ file });
const { app, outlet } = createApp({ models: { [upstream.model]: upstream.engine }, model: upstream.model, key, store });
const port = Number(process.env.PORT || 3000);
const server = await listen(app, port, process.env.HOST).catch((error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `Port ${port} is taken; PORT names another.` : error.message);
  process.exit(1);
});

console.log(`
  Chat page    ${server.url}
  OpenAI API   ${server.url}/v1
  API key      ${process.env.OUTLET_KEY ? "the one in OUTLET_KEY" : `${key}  (new at every start; set OUTLET_KEY to keep one)`}
  Answers      ${upstream.model}, from ${upstream.name}
  Kept in      ${file}
`);

closeOnSignal([{ close: () => outlet.close({ graceMs: 5_000 }) }, server, upstream]);
