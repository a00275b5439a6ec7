import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

export interface RawUpstream {
  baseURL: string;
  server: Server;
  /** Connections that are open. */
  open: Set<Socket>;
  /** The next connection's end, when it has come to that. */
  nextClose(): Promise<void>;
  close(): Promise<void>;
}

export type Play = (socket: Socket, request: string) => void;

/** A server that reads a request and then does to the socket whatever `play` likes. */
export async function rawUpstream(play: () => Play): Promise<RawUpstream> {
  const open = new Set<Socket>();
  let closed: (() => void)[] = [];
  const server = createServer((socket) => {
    open.add(socket);
    let request = "";
    socket.on("error", () => {});
    socket.on("close", () => {
      open.delete(socket);
      for (const told of closed) told();
      closed = [];
    });
    socket.on("data", (data) => {
      const had = isWhole(request);
      request += data.toString("latin1");
      if (!had && isWhole(request)) play()(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    server,
    open,
    nextClose: () => new Promise((resolve) => closed.push(resolve)),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function isWhole(request: string): boolean {
  const headEnd = request.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const length = /content-length: (\d+)/i.exec(request)?.[1];
  return request.length - headEnd - 4 >= Number(length ?? 0);
}

export const EVENTS = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
export const json = (body: string, status = "200 OK", type = "application/json") =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;

const event = (choice: object) =>
  `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 0, model: "m", choices: [choice] })}\n\n`;

export const FIRST = event({ index: 0, delta: { role: "assistant", content: "héllo" }, finish_reason: null });
export const LAST = event({ index: 0, delta: {}, finish_reason: "stop" });
export const DONE = "data: [DONE]\n\n";
export const WHOLE = JSON.stringify({
  id: "x",
  object: "chat.completion",
  created: 0,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
