import type { NodeRequest, NodeResponse } from "@outlet/core/node";

/** A request as Nest hands it over: Node's own with Express (and in middleware), Fastify's around Node's. */
export type HostRequestObject = NodeRequest | { readonly raw: NodeRequest; readonly body?: unknown };

/** A response as Nest hands it over. */
export type HostReply = (NodeResponse & HeaderTarget) | FastifyReplyShape;

type HeaderValue = string | number | readonly string[] | undefined;

interface HeaderTarget {
  readonly statusCode: number;
  getHeaders(): Record<string, unknown>;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
}

interface FastifyReplyShape {
  readonly raw: NodeResponse & HeaderTarget;
  getHeaders(): Record<string, HeaderValue>;
  header(name: string, value: string): unknown;
  hijack(): unknown;
}

export interface NodePair {
  readonly req: NodeRequest;
  readonly res: NodeResponse & HeaderTarget;
  /** What Fastify's parser made of the body, when it ran. */
  readonly body: unknown;
  /** Makes the response ours to write, with the headers that the host has set so far. */
  readonly takeOver: () => void;
}

/** Node's own request and response, on either platform. */
export function nodePair(request: HostRequestObject, response: HostReply): NodePair {
  const [req, body] = "raw" in request ? [request.raw, request.body] : [request, undefined];
  req.originalUrl ??= req.url;
  if (!("raw" in response)) return { req, res: response, body, takeOver: () => {} };
  const takeOver = () => {
    response.hijack();
    for (const [name, value] of Object.entries(response.getHeaders())) {
      if (value !== undefined) response.raw.setHeader(name, value);
    }
  };
  return { req, res: response.raw, body, takeOver };
}
