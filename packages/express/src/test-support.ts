import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChatInput, defineModel, type Engine, type SettledCall } from "@outlet/core";
import type { Express } from "express";
import express5 from "express";
// @ts-expect-error The alias installs Express 4 without types; its API is Express 5's as far as the tests use it.
import express4 from "express4";
import { onTestFinished } from "vitest";

/** Both majors, for `describe.each`. */
export const majors: readonly (readonly [string, typeof express5])[] = [
  ["Express 5", express5],
  ["Express 4", express4 as typeof express5],
];

export const KEY = "sk-test-0123456789abcdef";

/** Listens on a free port until the test is over. */
export async function listen(app: Express): Promise<string> {
  const server: Server = await new Promise((resolve) => {
    const started: Server = app.listen(0, "127.0.0.1", () => resolve(started));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };

/** A chat request to a mount point. */
export function post(base: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${base}/chat/completions`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
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

/** `onSettle`, with a promise for the next call's record. */
export function settlements() {
  const next = Promise.withResolvers<SettledCall>();
  return { onSettle: (call: SettledCall) => next.resolve(call), settled: next.promise };
}

export const quiet = { error: () => {}, warn: () => {} };

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
