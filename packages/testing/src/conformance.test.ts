import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Cancellation, createOutlet, type Exchange, type Outlet, type OutletOptions } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { describe, expect, it } from "vitest";
import { type Mounted, requirements, runConformance } from "./index.ts";
import { KEYS } from "./kit/models.ts";
import { failedBy, type Mutation, mutantCell, withHeaders, withText } from "./mutant.fixture.ts";

/** A defect, and the requirements that must notice it. */
const MUTANTS: readonly (readonly [string, Mutation, readonly string[]])[] = [
  [
    "replies without x-request-id",
    { response: withHeaders((headers) => headers.delete("x-request-id")) },
    ["headers.request-id", "headers.request-id.sdk", "errors.method", "models.retrieve.unknown"],
  ],
  [
    "uses the same request id twice",
    { response: withHeaders((headers) => headers.set("x-request-id", `req_${"0".repeat(32)}`)) },
    ["headers.request-id"],
  ],
  [
    "lets proxies transform streams",
    { response: withHeaders((headers) => headers.set("cache-control", "no-cache")) },
    ["headers.stream"],
  ],
  ["forgets [DONE]", { response: withText((text) => text.replace("data: [DONE]\n\n", "")) }, ["chat.stream.framing"]],
  [
    "frames events with CRLF",
    { response: withText((text) => text.replaceAll("\n\n", "\r\n\r\n")) },
    ["chat.stream.framing", "completions.stream"],
  ],
  [
    "adds event lines",
    { response: withText((text) => text.replaceAll("data: {", "event: chunk\ndata: {")) },
    ["chat.stream.framing"],
  ],
  [
    "says the role in every delta",
    { response: withText((text) => text.replaceAll('"delta":{"content"', '"delta":{"role":"assistant","content"')) },
    ["chat.stream.first-delta"],
  ],
  [
    "leaves out null logprobs",
    { response: withText((text) => text.replaceAll(',"logprobs":null', "").replaceAll('"logprobs":null,', "")) },
    ["chat.object", "completions.object", "chat.stream.finish-reason"],
  ],
  [
    "holds a stream back until it is whole",
    { response: async (response) => new Response(await response.text(), response) },
    ["chat.stream.as-produced"],
  ],
  [
    "never hears that a client has left",
    {
      request: async (request) => new Request(request.url, { ...withoutSignal(request), body: await bodyOf(request) }),
    },
    ["abort.chat.before-first-token"],
  ],
  [
    "tells the engine late that a client has left",
    { request: (request) => new Request(request, { signal: late(request.signal) }) },
    ["abort.chat.whole", "abort.completions.before-headers", "abort.embeddings.whole"],
  ],
  [
    "shows what an engine threw",
    { response: withText((text) => text.replace("The server had an error", "Error: kit-secret at db.ts:12")) },
    ["errors.engine.opaque", "after-200.opaque", "access.host.failure"],
  ],
  [
    "adds keys to the envelope",
    { response: withText((text) => text.replace('"error":{', '"error":{"stack":"at main",')) },
    ["errors.json.malformed", "errors.model.unknown", "after-200.own"],
  ],
  [
    "lets everybody in",
    { request: (request) => withRequestHeader(request, "authorization", `Bearer ${KEYS.plain}`) },
    ["access.missing-key", "access.wrong-key", "access.garbled-key", "access.sdk"],
  ],
  [
    "settles every call twice",
    {
      options: (options) => ({
        ...options,
        onSettle(call) {
          options.onSettle?.(call);
          options.onSettle?.(call);
        },
      }),
    },
    ["settle.once"],
  ],
  [
    "has nothing reserved",
    { options: ({ instances: _, ...options }) => options },
    ["instances.answers", "instances.full", "instances.settle", "instances.tiers"],
  ],
  [
    "does not let calls wait for what is reserved by their tier",
    {
      request: (request) => withBody(request, (text) => text.replace(/"service_tier":"\w+"/, '"service_tier":"auto"')),
    },
    ["instances.full", "instances.settle", "instances.tiers"],
  ],
  [
    "lets clients choose the method in a proxy's header",
    {
      request(request) {
        const method = request.headers.get("x-http-method-override");
        return method && !request.body ? new Request(request, { method }) : request;
      },
    },
    ["access.headers.proxies"],
  ],
  ["explains nothing", { options: ({ explain: _, ...options }) => options }, ["explain.header", "explain.unknown"]],
  [
    "explains what nobody asked for",
    { options: (options) => ({ ...options, explain: "header" }) },
    ["explain.unasked"],
  ],
  [
    "counts no strikes",
    { options: ({ policy: { strikes: _, ...policy } = {}, ...options }) => ({ ...options, policy }) },
    ["key-strikes.audited", "key-strikes.suspended", "key-strikes.throttled"],
  ],
  [
    "does not say how a key stands",
    { response: withHeaders((headers) => headers.delete("outlet-standing")) },
    ["key-strikes.throttled"],
  ],
  ["never settles", { options: ({ onSettle: _, ...options }) => options }, ["settle.once"]],
  [
    "has no body limit",
    { options: ({ maxBodyBytes: _, ...options }) => ({ ...options, maxBodyBytes: 1e9 }) },
    ["limits.body"],
  ],
  [
    "drops what it does not know",
    { request: (request) => withBody(request, (text) => text.replace(',"temprature":1', "")) },
    ["parameters.unknown"],
  ],
  [
    "ignores stop",
    { request: (request) => withBody(request, (text) => text.replaceAll('"stop":', '"user":"u","x-stop":')) },
    ["chat.stop"],
  ],
  [
    "answers base64 with big-endian floats",
    {
      response: withText((text) =>
        text.replaceAll(/"embedding":"([^"]+)"/g, (_, base64: string) => {
          const swapped = Buffer.from(base64, "base64").swap32().toString("base64");
          return `"embedding":"${swapped}"`;
        }),
      ),
    },
    ["embeddings.base64"],
  ],
];

describe.concurrent("the kit notices a server that", () => {
  it.each(MUTANTS)(
    "%s",
    async (_name, mutation, ids) => {
      expect(await failedBy({}, ids)).toEqual([]);
      expect((await failedBy(mutation, ids)).toSorted()).toEqual([...ids].toSorted());
    },
    60_000,
  );
});

describe.concurrent("every requirement fails on a server that answers", () => {
  const json = { headers: { "content-type": "application/json" } };
  const servers: [string, () => Response][] = [
    ["an empty object", () => new Response("{}", json)],
    ["a 404 of its own", () => new Response("Not found", { status: 404 })],
    [
      "a stream of nothing",
      () => new Response("data: [DONE]\n\n", { headers: { "content-type": "text/event-stream" } }),
    ],
  ];
  // Those on aborts first wait for an engine that is never reached.
  const quick = requirements.filter(({ id, needs }) => !needs && !id.startsWith("abort."));

  it.each(servers)("%s", async (name, reply) => {
    const mount = async () => ({ baseURL: "http://empty/v1", fetch: async () => reply(), close: async () => {} });
    const results = await runConformance({ name, mount }, { only: (requirement) => quick.includes(requirement) });
    const passed = results.filter(({ outcome }) => outcome === "passed").map(({ requirement }) => requirement.id);
    expect(passed).toEqual([]);
    expect(results.length).toBe(quick.length);
  });
});

describe("runConformance", () => {
  it("says why a requirement cannot be shown in a cell without a socket", async () => {
    const [result] = await runConformance(mutantCell({}), { only: ({ id }) => id === "limits.body.chunked" });
    expect(result).toMatchObject({ outcome: "not-applicable", reason: expect.stringContaining("TCP connection") });
  });

  it("keeps a known gap apart from a failure, and notices when it is closed", async () => {
    const only = ({ id }: { id: string }) => ["chat.stream.framing", "models.list"].includes(id);
    const broken = mutantCell({ response: withText((text) => text.replace("[DONE]", "[END]")) });
    const gaps = { "chat.stream.framing": "It ends streams in its own way.", "models.list": "It has no list." };
    const results = await runConformance({ ...broken, gaps }, { only });
    expect(results.map(({ requirement, outcome, reason }) => [requirement.id, outcome, reason])).toEqual([
      ["models.list", "passed", undefined],
      ["chat.stream.framing", "gap", "It ends streams in its own way."],
    ]);
  });

  it("closes the cell, and rejects when it cannot be mounted", async () => {
    let closed = 0;
    const cell = mutantCell({});
    const mount: typeof cell.mount = async (options) => {
      const mounted = await cell.mount(options);
      return { ...mounted, close: () => mounted.close().then(() => void closed++) };
    };
    await runConformance({ name: "counting", mount }, { only: ({ id }) => id === "models.list" });
    expect(closed).toBe(1);
    const broken = { name: "broken", mount: () => Promise.reject(new Error("port in use")) };
    await expect(runConformance(broken)).rejects.toThrow("port in use");
  });
});

describe("a client's leaving is counted from when the server notices it:", () => {
  const ids = ["abort.chat.mid-stream", "abort.embeddings.whole"];

  async function outcomes(listener: (outlet: Outlet) => RequestListener, more: Partial<Mounted> = {}) {
    const mount = async (options: OutletOptions) => {
      const outlet = createOutlet(options);
      const server = createServer(listener(outlet)).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const close = async () => void server.close();
      return { baseURL: `http://127.0.0.1:${port}/v1`, close, ...more };
    };
    const results = await runConformance({ name: "served", mount }, { only: ({ id }) => ids.includes(id) });
    return results.map(({ outcome, error }) => (outcome === "failed" ? String(error) : outcome));
  }

  it("a Node server of this process that is in time, and one that is not", async () => {
    expect(await outcomes(nodeListener)).toEqual(["passed", "passed"]);
    const lateListener = (outlet: Outlet): RequestListener => {
      const handle = (exchange: Exchange) =>
        outlet.handle(Object.create(exchange, { cancellation: { value: lateCancellation(exchange.cancellation) } }));
      return nodeListener({ handle });
    };
    const tooLate = expect.stringMatching(/stopped \d{3} ms after/);
    expect(await outcomes(lateListener)).toEqual([tooLate, tooLate]);
  });

  it("one in another process, which says so itself", async () => {
    expect(await outcomes(nodeListener, { stoppedAfterMs: async () => 99 })).toEqual(["passed", "passed"]);
    const tooLate = expect.stringContaining("stopped 101 ms after");
    expect(await outcomes(nodeListener, { stoppedAfterMs: async () => 101 })).toEqual([tooLate, tooLate]);
  });
});

/** Aborts 120 ms after the signal. */
function late(signal: AbortSignal): AbortSignal {
  const later = new Cancellation();
  signal.addEventListener("abort", () => setTimeout(() => later.abort(), 120));
  return later.signal;
}

/** Tells 120 ms after the other one. */
function lateCancellation(cancellation: Cancellation): Cancellation {
  const later = new Cancellation();
  cancellation.addEventListener("abort", { handleEvent: () => setTimeout(() => later.abort(), 120) });
  return later;
}

function withoutSignal({ method, headers }: Request): RequestInit {
  return { method, headers };
}

async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  return request.body ? request.arrayBuffer() : null;
}

async function withBody(request: Request, change: (text: string) => string): Promise<Request> {
  const { url, method, headers, signal } = request;
  const body = request.body ? change(await request.text()) : null;
  return new Request(url, { method, headers, signal, body });
}

function withRequestHeader(request: Request, name: string, value: string): Request {
  const headers = new Headers(request.headers);
  headers.set(name, value);
  return new Request(request, { headers });
}
