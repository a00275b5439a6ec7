import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { MeteredUsage } from "@outlet/core";

/** An upstream that remembers what it counted for each request, by the id that it was told. */
export interface CountingUpstream {
  readonly url: string;
  readonly counted: ReadonlyMap<string, MeteredUsage>;
  close(): void;
}

export async function startCountingUpstream(): Promise<CountingUpstream> {
  const counted = new Map<string, MeteredUsage>();
  /** Asked about before they came, and told to be nothing: that is what they stay. */
  const missed = new Set<string>();
  const server = createServer((request, response) => {
    const { url = "" } = request;
    if (url.startsWith("/counted/")) {
      const id = url.slice("/counted/".length);
      if (!counted.has(id)) missed.add(id);
      response.end(JSON.stringify(counted.get(id) ?? null));
      return;
    }
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const id = String(request.headers["x-client-request-id"]);
      const input_tokens = 1 + Math.floor(Math.random() * 1000);
      const output_tokens = url === "/embeddings" ? 0 : 1 + Math.floor(Math.random() * 100);
      const usage = { input_tokens, cached_tokens: 0, output_tokens, reasoning_tokens: 0, estimated: false };
      if (missed.has(id)) return void response.writeHead(410).end();
      if (counted.has(id)) throw new Error(`${id} was asked for twice`);
      counted.set(id, usage);
      // Between counting and telling, anything may happen to whoever asked.
      const stream = JSON.parse(body).stream === true;
      const pieces = stream ? streamed(usage) : [whole(url, usage)];
      const tell = () => {
        response.setHeader("content-type", stream ? "text/event-stream" : "application/json");
        response.write(pieces[0]);
        setTimeout(() => response.end(pieces.slice(1).join("")), stream ? Math.random() * 20 : 0);
      };
      setTimeout(tell, Math.random() * 20);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, counted, close };
}

const told = ({ input_tokens, output_tokens }: MeteredUsage) => ({
  prompt_tokens: input_tokens,
  completion_tokens: output_tokens,
  total_tokens: input_tokens + output_tokens,
});

function whole(path: string, usage: MeteredUsage): string {
  const answer = { index: 0, finish_reason: "stop" };
  const choice =
    path === "/completions" ? { ...answer, text: "y" } : { ...answer, message: { role: "assistant", content: "y" } };
  const data = path === "/embeddings" ? { data: [{ index: 0, embedding: [0] }] } : { choices: [choice] };
  return JSON.stringify({ id: "c", object: "x", model: "m", ...data, usage: told(usage) });
}

/** Every piece tells what the whole is charged: who leaves in the middle knows it, too. */
function streamed(usage: MeteredUsage): string[] {
  const event = (choices: object[]) => {
    const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices, usage: told(usage) };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  return [
    event([{ index: 0, delta: { role: "assistant", content: "y" }, finish_reason: null }]),
    event([{ index: 0, delta: {}, finish_reason: "stop" }]),
    event([]),
    "data: [DONE]\n\n",
  ];
}
