import { type Exchange, isByteStream, type Reply, webResponse } from "@outlet/core";
import type { Context } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import { type Outgoing, writtenByNode } from "./node-stream.ts";

/**
 * A reply as Hono's response, with the headers that middleware in front has set. Streams are written to `outgoing`, where
 * there is one; whole answers need no short cut, since `@hono/node-server` makes no web response of them either.
 */
export function respond(c: Context, reply: Reply, exchange: Exchange, outgoing: Outgoing | undefined): Response {
  const writer = outgoing && isByteStream(reply.body) ? outgoing : undefined;
  const body = writer ? null : webBody(reply, exchange);
  const response = c.newResponse(body, reply.status as StatusCode, reply.headers);
  if (writer) writtenByNode(response, writer, reply, exchange);
  // `newResponse` has merged the headers; assigned over an old response, Hono would merge them again, the other way round.
  c.res = undefined;
  c.res = response;
  return response;
}

function webBody(reply: Reply, exchange: Exchange): string | Uint8Array<ArrayBuffer> | ReadableStream | null {
  if (isByteStream(reply.body)) return webResponse(reply, exchange).body;
  return reply.body as string | Uint8Array<ArrayBuffer> | null;
}
