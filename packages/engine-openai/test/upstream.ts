import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import type { Engine, EngineContext, ForwardReply, ForwardRequest } from "@outlet/core";
import { onTestFinished } from "vitest";
import { type OpenAIOptions, openai } from "../src/index.ts";

export interface Upstream {
  /** `http://127.0.0.1:port/v1` */
  readonly url: string;
  /** Every connection that was made, in order. */
  readonly sockets: Socket[];
}

type Answer = (req: IncomingMessage, res: ServerResponse, body: Buffer, count: number) => unknown;

/** An HTTP upstream; `answer` gets the whole body and the number of the request, from 1. */
export async function httpUpstream(answer: Answer): Promise<Upstream> {
  let count = 0;
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    res.on("error", () => {});
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      count += 1;
      answer(req, res, Buffer.concat(parts), count);
    });
  });
  return listen(server);
}

/** An upstream below HTTP; `answer` is called for each request's first bytes, with the number of the connection. */
export async function rawUpstream(answer: (socket: Socket, connection: number) => void): Promise<Upstream> {
  let count = 0;
  const server = createNetServer({ allowHalfOpen: true }, (socket) => {
    count += 1;
    const connection = count;
    socket.on("data", () => answer(socket, connection));
  });
  return listen(server);
}

async function listen(server: Server): Promise<Upstream> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, sockets };
}

/** A URL on which nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createNetServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}/v1`;
}

/** An engine that is closed after the test, and that does not retry unless it is told to. */
export function engineFor(url: string, options: OpenAIOptions = {}): Forwarding {
  const engine = openai({ baseURL: url, maxRetries: 0, retryBaseMs: 1, ...options }) as Forwarding;
  onTestFinished(() => engine.close());
  return engine;
}

export type Forwarding = Engine & Required<Pick<Engine, "forward" | "listModels" | "close">>;

export function contextFor(signal: AbortSignal = new AbortController().signal): EngineContext {
  const logger = { error: () => {}, warn: () => {} };
  return { signal, principal: { id: "caller" }, requestId: "req_test", logger };
}

export function chat(over: Partial<ForwardRequest> = {}): ForwardRequest {
  const body = new TextEncoder().encode('{"model":"m","messages":[]}');
  return { method: "POST", path: "/chat/completions", body, contentType: "application/json", stream: false, ...over };
}

export const EVENT_STREAM = { "content-type": "text/event-stream; charset=utf-8" };
export const JSON_TYPE = { "content-type": "application/json" };

export function text(reply: ForwardReply): string {
  if (!(reply.body instanceof Uint8Array)) throw new Error("expected a whole body");
  return new TextDecoder().decode(reply.body);
}

export function piecesOf(reply: ForwardReply): AsyncIterator<Uint8Array, undefined> {
  if (reply.body instanceof Uint8Array) throw new Error("expected a stream");
  return (reply.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
}

export async function streamed(reply: ForwardReply): Promise<string> {
  const parts: Uint8Array[] = [];
  const pieces = piecesOf(reply);
  for (let one = await pieces.next(); !one.done; one = await pieces.next()) parts.push(one.value);
  return Buffer.concat(parts).toString();
}
