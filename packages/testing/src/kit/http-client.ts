import { connect } from "node:net";
import { KEYS } from "./models.ts";
import type { Begun, Opened, Transport } from "./transport.ts";
import { within } from "./within.ts";

export interface RawRequest {
  /** Below the base URL, query included: `/chat/completions`. */
  path: string;
  /** Default: `POST` when there is a body, else `GET`. */
  method?: string;
  /** Over the defaults: `authorization`, and `content-type: application/json` when there is a body. */
  headers?: Record<string, string>;
  /** An object is sent as JSON; text and bytes as they are. */
  body?: object | string | Uint8Array;
  /** API key; null for none. Default: the kit's. */
  key?: string | null;
  /** Send the body without announcing its length. */
  chunked?: boolean;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body, parsed. Throws when it is not JSON. */
  json(): unknown;
}

export interface HttpClient {
  /** Sends a request and reads the whole reply. */
  send(request: RawRequest): Promise<Received>;
  /** Sends a request and gives the reply when its head is there. */
  open(request: RawRequest): Promise<Opened>;
  /** Sends a request that the client may leave at any time. */
  begin(request: RawRequest): Begun;
  /**
   * Writes bytes to a bare connection and gives what came back: until a whole reply is there or, with `end`, which
   * closes the writing side after the bytes, until the server has closed the connection.
   */
  raw(bytes: string | Uint8Array, options?: { end?: boolean }): Promise<string>;
  readonly baseURL: URL;
}

export function createHttpClient(base: string, transport: Transport): HttpClient {
  const baseURL = new URL(base);
  const begin = (request: RawRequest): Begun => transport(wire(baseURL, request));
  const open = (request: RawRequest) => within("a reply", begin(request).response);
  return {
    baseURL,
    begin,
    open,
    async send(request) {
      const opened = await open(request);
      const text = await readText(opened);
      return { status: opened.status, headers: opened.headers, text, json: () => JSON.parse(text) as unknown };
    },
    raw: (bytes, { end = false } = {}) =>
      within("an answer on the bare connection", exchangeBytes(baseURL, bytes, end)),
  };
}

function wire(baseURL: URL, { path, method, headers, body, key = KEYS.organization, chunked = false }: RawRequest) {
  const bytes = body === undefined ? null : bytesOf(body);
  return {
    url: new URL(baseURL.href.replace(/\/$/, "") + path),
    method: method ?? (bytes ? "POST" : "GET"),
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(bytes && { "content-type": "application/json" }),
      ...headers,
    },
    body: bytes,
    chunked,
  };
}

function bytesOf(body: object | string | Uint8Array): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

/** The rest of a reply as text; invalid UTF-8 throws. */
export async function readText(opened: Opened): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (;;) {
    const bytes = await within("the rest of the reply", opened.next());
    if (bytes === null) return text + decoder.decode();
    text += decoder.decode(bytes, { stream: true });
  }
}

function exchangeBytes(url: URL, bytes: string | Uint8Array, end: boolean): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(url.port), url.hostname);
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      received += text;
      if (!end && isWhole(received)) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

function isWhole(reply: string): boolean {
  const bodyAt = reply.indexOf("\r\n\r\n") + 4;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(reply)?.[1];
  return bodyAt > 3 && length !== undefined && Buffer.byteLength(reply.slice(bodyAt)) >= Number(length);
}
