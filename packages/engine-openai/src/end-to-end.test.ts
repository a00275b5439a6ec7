import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutlet, defineModel, type Outlet, type OutletOptions, type SettledCall } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { EVENT_STREAM, httpUpstream, JSON_TYPE } from "../test/upstream.ts";
import { type OpenAIOptions, openai } from "./index.ts";

const INNER_KEY = "sk-inner-0123456789abcdef";
const OUTER_KEY = "sk-outer-0123456789abcdef";
const quiet = { error: () => {}, warn: () => {} };

async function serve(outlet: Outlet): Promise<string> {
  const server = createServer(nodeListener(outlet)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await outlet.close({ graceMs: 0 });
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** An outlet with this engine before an upstream; what it settled, and a way to call it. */
async function gateway(baseURL: string, options: OpenAIOptions = {}) {
  const settled: SettledCall[] = [];
  let settle: () => void = () => {};
  const outletOptions: OutletOptions = {
    keys: [OUTER_KEY],
    logger: quiet,
    models: { "*": openai({ baseURL, apiKey: INNER_KEY, maxRetries: 0, ...options }) },
    onSettle: (call) => {
      settled.push(call);
      settle();
    },
  };
  const url = await serve(createOutlet(outletOptions));
  return {
    post: (path: string, body: object, init: RequestInit = {}) =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${OUTER_KEY}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        ...init,
      }),
    get: (path: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${OUTER_KEY}` } }),
    async settled(): Promise<SettledCall> {
      while (settled.length === 0) {
        await new Promise<void>((resolve) => {
          settle = resolve;
        });
      }
      return settled[0] as SettledCall;
    },
  };
}

async function innerOutlet(): Promise<string> {
  const parrot = defineModel(async function* ({ messages }) {
    yield "You said: ";
    yield String(messages.at(-1)?.content);
    yield { usage: { prompt_tokens: 11, completion_tokens: 22 } };
  });
  return serve(createOutlet({ models: { parrot }, keys: [INNER_KEY], logger: quiet }));
}

const body = { model: "parrot", messages: [{ role: "user", content: "hällo" }] };
const settledUsage = { input_tokens: 11, output_tokens: 22, estimated: false };

describe("an outlet before another", () => {
  test("answers a chat and meters it", async () => {
    const { post, settled } = await gateway(await innerOutlet());
    const reply = await post("/chat/completions", body);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "You said: hällo" }, finish_reason: "stop" }],
      usage: { total_tokens: 33 },
    });
    expect(await settled()).toMatchObject({ outcome: "completed", model: "parrot", usage: settledUsage });
  });

  test("streams a chat, and meters usage that the client did not ask for and does not see", async () => {
    const { post, settled } = await gateway(await innerOutlet());
    const reply = await post("/chat/completions", { ...body, stream: true });
    expect(reply.headers.get("content-type")).toContain("text/event-stream");
    const text = await reply.text();
    expect(contentOf(text)).toBe("You said: hällo");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(text).not.toContain("usage");
    expect(await settled()).toMatchObject({ outcome: "completed", usage: settledUsage });
  });

  test("streams usage to a client that asks for it", async () => {
    const { post } = await gateway(await innerOutlet());
    const reply = await post("/chat/completions", { ...body, stream: true, stream_options: { include_usage: true } });
    expect(await reply.text()).toContain('"total_tokens":33');
  });

  test("lists the inner outlet's models", async () => {
    const { get } = await gateway(await innerOutlet());
    const list = await (await get("/models")).json();
    expect(list).toMatchObject({ object: "list", data: [{ id: "parrot", object: "model" }] });
  });

  test("hands on a refusal of the request", async () => {
    const { post } = await gateway(await innerOutlet());
    const reply = await post("/chat/completions", { ...body, model: "unknown" });
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ error: { code: "model_not_found", param: "model" } });
  });

  test("keeps a refusal of its own key to itself", async () => {
    const { post } = await gateway(await innerOutlet(), { apiKey: "sk-wrong-0123456789abcdef" });
    const reply = await post("/chat/completions", body);
    const text = await reply.text();
    expect(reply.status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({ error: { code: "upstream_authentication_failed" } });
    expect(text).not.toMatch(/sk-|127\.0\.0\.1/);
  });

  test("sends its own key and never the caller's", async () => {
    let seen = "";
    const upstream = await httpUpstream((req, res) => {
      seen = JSON.stringify(req.headers);
      res.writeHead(200, JSON_TYPE).end('{"choices":[]}');
    });
    const { post } = await gateway(upstream.url);
    await post("/chat/completions", body);
    expect(seen).toContain(INNER_KEY);
    expect(seen).not.toContain(OUTER_KEY);
  });
});

describe("an outlet before an upstream that fails in the middle of a stream", () => {
  const chunk =
    'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hi"}}]}\n\n';

  test("hands on the error that the upstream reports", async () => {
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(200, EVENT_STREAM);
      res.end(`${chunk}data: {"error":{"message":"overloaded","type":"server_error","param":null,"code":null}}\n\n`);
    });
    const { post, settled } = await gateway(upstream.url);
    const text = await (await post("/chat/completions", { ...body, stream: true })).text();
    expect(contentOf(text)).toBe("hi");
    expect(text).toContain('"message":"overloaded"');
    expect(await settled()).toMatchObject({ outcome: "failed" });
  });

  test("ends the stream in an error event when the upstream breaks off", async () => {
    let reset: () => void = () => {};
    const upstream = await httpUpstream((_, res) => {
      res.writeHead(200, EVENT_STREAM).write(chunk);
      reset = () => res.socket?.resetAndDestroy();
    });
    const { post, settled } = await gateway(upstream.url);
    const reply = await post("/chat/completions", { ...body, stream: true });
    // The first event has arrived, or there would be no reply yet.
    reset();
    const text = await reply.text();
    const last = text.trimEnd().split("\n\n").at(-1) ?? "";
    expect(JSON.parse(last.slice("data: ".length))).toMatchObject({ error: { code: "engine_error" } });
    expect(text).not.toContain("[DONE]");
    expect(await settled()).toMatchObject({ outcome: "failed" });
  });

  test("hangs up on the upstream when its own client leaves", async () => {
    let closed: Promise<unknown> | undefined;
    const upstream = await httpUpstream((_, res) => {
      closed = once(res, "close");
      res.writeHead(200, EVENT_STREAM);
      res.write(chunk);
    });
    const { post, settled } = await gateway(upstream.url);
    const controller = new AbortController();
    const reply = await post("/chat/completions", { ...body, stream: true }, { signal: controller.signal });
    await reply.body?.getReader().read();
    controller.abort();
    await closed;
    expect(await settled()).toMatchObject({ outcome: "cancelled", usage: { estimated: true } });
  });
});

function contentOf(events: string): string {
  return events
    .split("\n\n")
    .filter((event) => event.startsWith('data: {"') && event.includes('"choices"'))
    .map((event) => (JSON.parse(event.slice(6)) as { choices: { delta?: { content?: string } }[] }).choices)
    .map(([choice]) => choice?.delta?.content ?? "")
    .join("");
}
