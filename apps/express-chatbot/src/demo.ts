import { randomBytes } from "node:crypto";
import OpenAI from "openai";
import { createApp } from "./app.ts";
import { listenNear } from "./listen.ts";
import { closeOnSignal } from "./shutdown.ts";
import { connectUpstream } from "./upstream.ts";

const QUESTION = "How do I design a good API?";

// Always the mock server, also where OPENAI_API_KEY is set: a demo must not cost anything.
const upstream = await connectUpstream({});
const key = `sk-${randomBytes(12).toString("base64url")}`;
const { model } = upstream;
const { app, outlet } = createApp({ models: { [model]: upstream.engine }, model, key });
const wanted = Number(process.env.PORT || 3000);
const server = await listenNear(app, wanted);
const baseURL = `${server.url}/v1`;
const closing = closeOnSignal([{ close: () => outlet.close({ graceMs: 500 }) }, server, upstream]);

const { bold, dim } = styles();
if (wanted !== 0 && server.port !== wanted) console.log(`\nPort ${wanted} is taken; using ${server.port}.`);
console.log(`
${bold("One chat completion, token by token")}
${dim(`openai SDK → Express at ${baseURL} → Outlet → ${upstream.name}`)}

${dim(">")} ${QUESTION}
`);

try {
  await streamAnswer(new OpenAI({ baseURL, apiKey: key }));
  printHowTo();
} catch (error) {
  // Ctrl-C in the middle of the answer is no failure.
  if (!closing.aborted) throw error;
}

async function streamAnswer(client: OpenAI): Promise<void> {
  const stream = await client.chat.completions.create(
    {
      model,
      messages: [{ role: "user", content: QUESTION }],
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal: closing },
  );
  for await (const { choices, usage } of stream) {
    process.stdout.write(choices[0]?.delta.content ?? "");
    if (usage) console.log(`\n\n${dim(`${usage.prompt_tokens} tokens in, ${usage.completion_tokens} out`)}`);
  }
  closing.throwIfAborted();
}

function printHowTo(): void {
  console.log(`
${bold("Chat in the browser")}   ${server.url}

${bold("curl")}
curl -N ${baseURL}/chat/completions \\
  -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
  -d '{"model":"${model}","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

${bold("Any OpenAI SDK")}
import OpenAI from "openai";
const client = new OpenAI({ baseURL: "${baseURL}", apiKey: "${key}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(answer.choices[0].message.content);

${dim("Ctrl-C ends it.")}`);
}

function styles() {
  const colors = process.stdout.isTTY && !process.env.NO_COLOR;
  const style = (code: number) => (text: string) => (colors ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: style(1), dim: style(2) };
}
