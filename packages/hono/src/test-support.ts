import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type ChatInput, defineModel, type Engine, type SettledCall } from "@outlet/core";
import type { Hono } from "hono";
import { onTestFinished } from "vitest";

export const KEY = "sk-test-0123456789abcdef";
export const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
export const quiet = { error: () => {}, warn: () => {} };

/** Listens with `@hono/node-server` until the test is over. */
export async function listen(app: Pick<Hono, "fetch">): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, resolve) as Server;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(await promise).port}`;
}

type Send = (url: string, init: RequestInit) => Response | Promise<Response>;

/** A chat request to a mount point, over a socket or in process (`app.request`). */
export async function post(
  mount: string,
  body: unknown,
  init: RequestInit = {},
  send: Send = fetch,
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return send(`${mount}/chat/completions`, { method: "POST", headers, body: text, ...init });
}

export const ask = (content: string, more: object = {}) => ({
  model: "echo",
  messages: [{ role: "user", content }],
  ...more,
});

export async function errorOf(response: Response): Promise<{ message: string; code: string | null; type: string }> {
  const { error } = (await response.json()) as { error: { message: string; code: string | null; type: string } };
  return error;
}

export async function contentOf(response: Response): Promise<string | undefined> {
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content;
}

/** Answers with what it was asked, one word a piece; calls the tool that it is offered. */
export const echo: Engine = defineModel({
  async *chat({ messages, tools: [tool] }) {
    if (tool?.type === "function") yield { tool_call: { name: tool.function.name, arguments: { ok: true } } };
    else for (const word of String(messages.at(-1)?.content).split(/(?<= )/)) yield word;
  },
  embed: ({ input }) => input.map((_, index) => [index, 0.5]),
});

/** A model that says «one», waits to be let go on, and tells when its signal aborts. */
export function slowModel(speaksFirst = true) {
  const started = Promise.withResolvers<ChatInput>();
  const aborted = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const engine = defineModel(async function* (input) {
    input.signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    if (input.signal.aborted) aborted.resolve();
    started.resolve(input);
    if (speaksFirst) yield "one ";
    await Promise.race([goOn.promise, aborted.promise]);
    yield "two";
  });
  return { engine, started: started.promise, aborted: aborted.promise, goOn: goOn.resolve };
}

/** `onSettle`, with a promise for the first call's record. */
export function settlements() {
  const first = Promise.withResolvers<SettledCall>();
  return { onSettle: (call: SettledCall) => first.resolve(call), settled: first.promise };
}

/** Reads on until the text has come, or there is no more. */
export async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += decoder.decode(read.value, { stream: true });
    if (text.includes(wanted)) break;
  }
  return text;
}
