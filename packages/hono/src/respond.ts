import { type Exchange, isByteStream, type Reply, webResponse } from "@outlet/core";
import type { Context, Handler } from "hono";
import { matchedRoutes } from "hono/route";
import type { StatusCode } from "hono/utils/http-status";
import type { Outgoing } from "./node-bindings.ts";
import { writtenByNode } from "./node-stream.ts";

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

/**
 * The same where no middleware has set a header, or will: without the `Headers` that merging takes, which is most of
 * what a whole answer costs.
 */
export function respondAlone(_c: Context, reply: Reply, exchange: Exchange, outgoing: Outgoing | undefined): Response {
  const { status, headers } = reply;
  if (!outgoing || !isByteStream(reply.body)) return new Response(webBody(reply, exchange), { status, headers });
  const response = new Response(null, { status, headers });
  writtenByNode(response, outgoing, reply, exchange);
  return response;
}

/** True when no handler but `handler` is asked for this request. */
export function isAlone(c: Context, handler: Handler): boolean {
  return matchedRoutes(c).every((route) => route.handler === handler);
}

function webBody(reply: Reply, exchange: Exchange): string | Uint8Array<ArrayBuffer> | ReadableStream | null {
  if (isByteStream(reply.body)) return webResponse(reply, exchange).body;
  return reply.body as string | Uint8Array<ArrayBuffer> | null;
}
