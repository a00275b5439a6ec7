import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { countingEngine } from "../kit/engine.ts";
import { SERVERS, type Served } from "../kit/servers.ts";
import { CHAT, request, type WireOptions, wire } from "../kit/wire.ts";

interface Shape extends WireOptions {
  name: string;
  bytes: string | Uint8Array;
  /** Statuses that may be sent; none at all is a clean close, which is always fair. Default: any 4xx. */
  allowed?: (status: number) => boolean;
  /** Engine calls that the request may lead to; default: none. */
  calls?: number;
}

const refusal = (status: number) => status >= 400 && status <= 499;
const answered = (status: number) => status === 200 || status === 100 || refusal(status);
const N = CHAT.length;
const hex = N.toString(16);

/** Framing that a proxy in front and a server behind could read differently. */
const smuggling: Shape[] = [
  {
    name: "content-length and transfer-encoding",
    bytes: request({
      headers: [`content-length: ${N}`, "transfer-encoding: chunked"],
      body: `${hex}\r\n${CHAT}\r\n0\r\n\r\n`,
    }),
  },
  {
    name: "two content-lengths that differ",
    bytes: request({ headers: [`content-length: ${N}`, "content-length: 3"] }),
  },
  { name: "a list of content-lengths", bytes: request({ headers: [`content-length: ${N}, ${N}`] }) },
  { name: "a signed content-length", bytes: request({ headers: [`content-length: +${N}`] }) },
  { name: "a negative content-length", bytes: request({ headers: ["content-length: -1"] }) },
  { name: "a content-length beyond all numbers", bytes: request({ headers: [`content-length: ${"9".repeat(30)}`] }) },
  {
    name: "chunked twice",
    bytes: request({ headers: ["transfer-encoding: chunked, chunked"], body: `${hex}\r\n${CHAT}\r\n0\r\n\r\n` }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "chunked, then something else",
    bytes: request({ headers: ["transfer-encoding: chunked, identity"], body: `${hex}\r\n${CHAT}\r\n0\r\n\r\n` }),
  },
  { name: "an unknown transfer-encoding", bytes: request({ headers: ["transfer-encoding: xchunked"] }) },
  { name: "a space before the colon", bytes: request({ headers: [`content-length : ${N}`] }) },
  {
    name: "a chunk size that is none",
    bytes: request({ headers: ["transfer-encoding: chunked"], body: "zz\r\nxx\r\n0\r\n\r\n" }),
  },
  {
    name: "a negative chunk size",
    bytes: request({ headers: ["transfer-encoding: chunked"], body: "-5\r\nxxxxx\r\n0\r\n\r\n" }),
  },
  {
    name: "a chunk size that overflows",
    bytes: request({ headers: ["transfer-encoding: chunked"], body: `${"f".repeat(20)}\r\n${CHAT}\r\n0\r\n\r\n` }),
  },
  {
    name: "a chunk longer than it says",
    bytes: request({ headers: ["transfer-encoding: chunked"], body: `3\r\n${CHAT}\r\n0\r\n\r\n` }),
  },
  {
    name: "chunk extensions of 64 KB",
    bytes: request({
      headers: ["transfer-encoding: chunked"],
      body: `${hex};${"x".repeat(65_536)}\r\n${CHAT}\r\n0\r\n\r\n`,
    }),
  },
  {
    name: "a chunk extension",
    bytes: request({ headers: ["transfer-encoding: chunked"], body: `${hex};a=b\r\n${CHAT}\r\n0\r\n\r\n` }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "trailers of 64 KB",
    bytes: request({
      headers: ["transfer-encoding: chunked"],
      body: `${hex}\r\n${CHAT}\r\n0\r\nx-t: ${"x".repeat(65_536)}\r\n\r\n`,
    }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "a folded header",
    bytes: request({ headers: ["x-folded: a", " b", `content-length: ${N}`] }),
    allowed: answered,
    calls: 1,
  },
  { name: "line breaks of CR alone", bytes: request({}).replaceAll("\r\n", "\r"), end: true },
  {
    name: "line breaks of LF alone",
    bytes: request({}).replaceAll("\r\n", "\n"),
    end: true,
    allowed: answered,
    calls: 1,
  },
  { name: "NUL in a header", bytes: request({ headers: ["x-nul: a\u0000b", `content-length: ${N}`] }) },
  { name: "an empty header name", bytes: request({ headers: [": x", `content-length: ${N}`] }) },
  {
    name: "a body that is a request",
    bytes: request({ headers: ["content-length: 0"], body: request({}) }),
    responses: 2,
    allowed: answered,
    calls: 1,
  },
  { name: "five requests at once", bytes: request({}).repeat(5), responses: 5, allowed: answered, calls: 5 },
  { name: "five bad requests at once", bytes: request({ body: "{".repeat(9) }).repeat(5), responses: 5 },
];

const targets = [
  "//v1/chat/completions",
  "/v1//chat/completions",
  "/v1/../v1/chat/completions",
  "/v1/%2e%2e/v1/chat/completions",
  "/v1/chat/completions/",
  "/v1/chat%2fcompletions",
  "/v1/chat/completions%00",
  "/v1/models/%00",
  "/v1/models/%",
  "/v1/models/%ff",
  "/v1/models/..%2f..%2fetc%2fpasswd",
  "/V1/CHAT/COMPLETIONS",
  "/v1/chat\\completions",
  "*",
  "localhost:80",
  "?",
  "/v1/chat/completions;x=1",
  `/v1/${"a".repeat(65_536)}`,
  `/v1/models/${"%41".repeat(4_000)}`,
];

const requestLines: Shape[] = [
  // Hosts differ in what they make of doubled slashes, dot segments and case: refused, or taken for the plain path.
  ...targets.map((target) => ({
    name: `target ${target.slice(0, 40)}`,
    bytes: request({ target }),
    allowed: answered,
    calls: 1,
  })),
  {
    name: "an absolute target",
    bytes: request({ target: "http://localhost/v1/chat/completions" }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "an absolute target of another host",
    bytes: request({ target: "http://169.254.169.254/latest/meta-data", method: "GET", body: "" }),
  },
  { name: "an authority as target", bytes: request({ target: "localhost:443", method: "GET", body: "" }) },
  ...["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PURGE"].map((method) => ({
    name: `method ${method}`,
    bytes: request({ method }),
  })),
  { name: "method HEAD", bytes: request({ method: "HEAD" }), headOnly: true },
  { name: "method CONNECT", bytes: "CONNECT localhost:443 HTTP/1.1\r\nhost: localhost:443\r\n\r\n" },
  { name: "an unknown method", bytes: request({ method: "BREW" }) },
  { name: "a method in lower case", bytes: request({ method: "post" }) },
  { name: "HTTP/1.0", bytes: request({ version: "HTTP/1.0" }), allowed: answered, calls: 1 },
  { name: "HTTP/0.9", bytes: "GET /v1/models\r\n\r\n", allowed: answered },
  { name: "HTTP/2.0", bytes: request({ version: "HTTP/2.0" }), allowed: answered, calls: 1 },
  { name: "the HTTP/2 preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
  { name: "a TLS hello", bytes: Uint8Array.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]) },
  {
    name: "no host",
    bytes: `POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${N}\r\n\r\n${CHAT}`,
  },
  {
    name: "two hosts",
    bytes: request({ headers: ["host: other", `content-length: ${N}`] }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "a host that is none",
    bytes: request({}).replace("host: localhost", "host: a b/c?d#e@["),
    allowed: answered,
    calls: 1,
  },
  {
    name: "100-continue",
    bytes: request({ headers: ["expect: 100-continue", `content-length: ${N}`] }),
    responses: 1,
    allowed: answered,
    calls: 1,
  },
  {
    name: "another expectation",
    bytes: request({ headers: ["expect: the-unexpected", `content-length: ${N}`] }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "an upgrade to a WebSocket",
    bytes: request({
      method: "GET",
      target: "/v1/realtime",
      headers: [
        "connection: upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
      ],
      body: "",
    }),
  },
  {
    name: "an upgrade to h2c",
    bytes: request({
      headers: [
        "connection: upgrade, http2-settings",
        "upgrade: h2c",
        "http2-settings: AAMAAABkAAQAAP__",
        `content-length: ${N}`,
      ],
    }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "ten thousand headers",
    bytes: request({ headers: [...Array.from({ length: 10_000 }, (_, i) => `x-${i}: 1`), `content-length: ${N}`] }),
  },
  {
    name: "a header of 1 MB",
    bytes: request({ headers: [`x-large: ${"x".repeat(1_048_576)}`, `content-length: ${N}`] }),
  },
  {
    name: "a key of 15 KB",
    bytes: request({ headers: [`authorization: Bearer ${"k".repeat(15_000)}`, `content-length: ${N}`] }),
    allowed: answered,
    calls: 1,
  },
  {
    name: "content types without end",
    bytes: request({ headers: [`content-type: application/${"json,".repeat(2_000)}`, `content-length: ${N}`] }),
    allowed: answered,
    calls: 1,
  },
  { name: "a compressed body", bytes: request({ headers: ["content-encoding: gzip", `content-length: ${N}`] }) },
  { name: "a body in UTF-16", bytes: request({ headers: ["content-length: 4"], body: "{\u0000}\u0000" }) },
];

const LONGEST_MS = 10_000;

describe.each(SERVERS)("$name", ({ serve }) => {
  const { engine, seen } = countingEngine();
  let served: Served;
  beforeAll(async () => {
    served = await serve({ models: { m: engine } });
  });
  afterAll(() => served.close());
  afterEach(async () => {
    const { statuses } = await wire(served.port, request({}));
    expect(statuses, "the next request, on a connection of its own").toEqual([200]);
  });

  test.each([...smuggling, ...requestLines])("$name", async (shape) => {
    const { calls } = seen;
    const began = performance.now();
    const { statuses, closed, text } = await wire(served.port, shape.bytes, shape);
    expect(statuses.length > 0 || closed, "neither an answer nor a close").toBe(true);
    expect(
      statuses.filter((status) => !(shape.allowed ?? refusal)(status)),
      text.slice(0, 500),
    ).toEqual([]);
    expect(seen.calls - calls).toBeLessThanOrEqual(shape.calls ?? 0);
    expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
    expect(performance.now() - began).toBeLessThan(LONGEST_MS);
  });
});
