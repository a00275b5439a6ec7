import { request as httpRequest, type IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Begun, Opened, Transport } from "./transport.ts";

/** Requests over `node:http`, each on a connection of its own. Like every SDK, they take compressed replies. */
export const nodeTransport: Transport = ({ url, method, headers, body, chunked }): Begun => {
  const length = body && !chunked ? { "content-length": String(body.length) } : {};
  const request = httpRequest(url, {
    method,
    headers: { "accept-encoding": "gzip", ...headers, ...length },
    agent: false,
  });
  const leave = () => void request.destroy();
  const response = new Promise<Opened>((resolve, reject) => {
    let answered = false;
    request.on("response", (message) => {
      answered = true;
      resolve(opened(message, leave));
    });
    // A server may answer and close before it has read all: what the write then says is no news.
    request.on("error", (error) => !answered && reject(error));
    request.on("close", () => !answered && reject(new Error("the connection closed without an answer")));
  });
  response.catch(() => {});
  if (body && chunked) for (let at = 0; at < body.length; at += 65_536) request.write(body.subarray(at, at + 65_536));
  request.end(chunked ? undefined : body);
  return { response, leave };
};

function opened(message: IncomingMessage, leave: () => void): Opened {
  const iterator = decoded(message)[Symbol.asyncIterator]();
  message.on("error", () => {});
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) headers[name] = [value ?? []].flat().join(", ");
  return {
    status: message.statusCode ?? 0,
    headers,
    async next() {
      const result = await iterator.next();
      return result.done ? null : (result.value as Uint8Array);
    },
    leave,
  };
}

function decoded(message: IncomingMessage): Readable {
  if (message.headers["content-encoding"] !== "gzip") return message;
  return pipeline(message, createGunzip(), () => {});
}
