import type { AddressInfo } from "node:net";
import { type INestApplication, Logger, Module, type ModuleMetadata } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { defineModel } from "@outlet/core";
import { OpenAI } from "openai";
import { onTestFinished } from "vitest";

export const PLATFORMS = ["express", "fastify"] as const;
export type Platform = (typeof PLATFORMS)[number];

export const KEY = "sk-test-0123456789abcdef";

/** Repeats the last user message, word by word. */
export const parrot = defineModel(async function* ({ messages }) {
  const { content } = messages.at(-1) ?? {};
  const words = typeof content === "string" ? content.split(/(?<= )/) : ["(parts)"];
  yield* words;
});

export interface RunningApp {
  readonly app: INestApplication;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** The official client over the socket. */
  client(path?: string, apiKey?: string): OpenAI;
  post(path: string, body: string, headers?: Record<string, string>): Promise<Response>;
}

/** Starts an application on a free port; it is closed after the test. */
export async function start(
  platform: Platform,
  metadata: ModuleMetadata,
  configure: (app: INestApplication) => void = () => {},
): Promise<RunningApp> {
  class AppModule {}
  Module(metadata)(AppModule);
  const adapter = platform === "express" ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  configure(app);
  await app.listen(0, "127.0.0.1");
  // Nest keeps one logger for all applications of a process.
  Logger.overrideLogger(false);
  const origin = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return {
    app,
    origin,
    client: (path = "/v1", apiKey = KEY) => new OpenAI({ baseURL: origin + path, apiKey, maxRetries: 0 }),
    post: (path, body, headers = {}) =>
      fetch(origin + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${KEY}`, ...headers },
        body,
      }),
  };
}

export interface Envelope {
  error: { message: string; type: string; param: string | null; code: string | null };
}

/** The error envelope of a reply, which must be exactly that, with the headers every reply has. */
export async function envelope(response: Response): Promise<Envelope["error"]> {
  const body = (await response.json()) as Envelope;
  const keys = JSON.stringify([Object.keys(body), Object.keys(body.error ?? {})]);
  if (keys !== '[["error"],["message","type","param","code"]]')
    throw new Error(`not an envelope: ${JSON.stringify(body)}`);
  if (!response.headers.get("x-request-id")?.startsWith("req_")) throw new Error("no x-request-id");
  return body.error;
}

export const HELLO = { model: "parrot", messages: [{ role: "user" as const, content: "one two three" }] };

export const silent = { error: () => {}, warn: () => {} };

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
