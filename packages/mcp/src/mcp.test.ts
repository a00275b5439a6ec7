import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type McpOptions, mcp } from "./index.ts";

const local: McpOptions = { allow: ({ address }) => address === "127.0.0.1", insecure: true };
const signal = () => new AbortController().signal;

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

/** A real MCP server, and what its requests carried. */
async function tools() {
  const seen: IncomingHttpHeaders[] = [];
  const url = await listening((req, res) => {
    seen.push(req.headers);
    const server = new McpServer({ name: "kit", version: "1" });
    server.registerTool(
      "add",
      { description: "Adds.", inputSchema: { a: z.number(), b: z.number() }, annotations: { readOnlyHint: true } },
      ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
    );
    server.registerTool("fail", {}, () => ({ content: [{ type: "text", text: "no" }], isError: true }));
    server.registerTool("draw", {}, () => ({ content: [{ type: "image", data: "AAAA", mimeType: "image/png" }] }));
    server.registerTool("flood", {}, () => ({ content: [{ type: "text", text: "x".repeat(20_000) }] }));
    server.registerTool("hang", {}, () => new Promise(() => {}));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    res.on("close", () => void transport.close());
    server.connect(transport as never).then(() => transport.handleRequest(req, res));
  });
  return { url, seen };
}

function session(url: string, options: McpOptions = {}, headers: Record<string, string> = {}) {
  const opened = mcp({ ...local, ...options }).session({ label: "kit", url, headers });
  onTestFinished(() => opened.close());
  return opened;
}

it("lists a server's tools and calls them, with the client's headers", async () => {
  const { url, seen } = await tools();
  const kit = session(url, {}, { authorization: "Bearer secret" });
  const listed = await kit.listTools(signal());
  expect(listed.map(({ name }) => name)).toEqual(["add", "fail", "draw", "flood", "hang"]);
  expect(listed[0]).toMatchObject({ description: "Adds.", annotations: { readOnlyHint: true } });
  expect(listed[0]?.input_schema).toMatchObject({ type: "object", required: ["a", "b"] });
  expect(await kit.callTool("add", { a: 2, b: 3 }, signal())).toEqual({ output: "5" });
  const drawn = (await kit.callTool("draw", {}, signal())) as { output: string };
  expect(JSON.parse(drawn.output)).toEqual([{ type: "image", data: "AAAA", mimeType: "image/png" }]);
  expect(seen.every(({ authorization }) => authorization === "Bearer secret")).toBe(true);
});

it("tells a tool's failure, a wrong call and a broken server apart", async () => {
  const kit = session((await tools()).url);
  const failed = { type: "mcp_tool_execution_error", content: [{ type: "text", text: "no" }] };
  expect(await kit.callTool("fail", {}, signal())).toEqual({ error: failed });
  expect(await kit.callTool("add", { a: "x" }, signal())).toHaveProperty("error");
  const broken = session(await listening((_req, res) => void res.writeHead(503).end("overloaded: db-1.internal")));
  expect(await broken.callTool("add", {}, signal())).toEqual({
    error: { type: "http_error", code: 503, message: "The server answered with HTTP status 503." },
  });
  await expect(broken.listTools(signal())).rejects.toThrow("HTTP status 503");
});

it("connects to public addresses only, whatever the name or the redirect, and says of none why", async () => {
  const { url, seen } = await tools();
  const port = new URL(url).port;
  const redirecting = await listening((_req, res) => void res.writeHead(307, { location: url }).end());
  for (const [target, options] of [
    [url, { allow: undefined as never }],
    [`http://localhost:${port}/mcp`, { allow: undefined as never }],
    [`http://[::1]:${port}/mcp`, {}],
    [`http://2130706433:${port}/mcp`, { allow: undefined as never }],
    ["http://nowhere.invalid/mcp", {}],
    [redirecting, {}],
    [`ftp://127.0.0.1:${port}/`, {}],
    [`http://user:pass@127.0.0.1:${port}/mcp`, {}],
  ] as const) {
    await expect(session(target, options).listTools(signal()), target).rejects.toThrow(
      "The server could not be reached.",
    );
  }
  await expect(session(url, { insecure: false }).listTools(signal())).rejects.toThrow("must be an https URL");
  expect(seen).toEqual([]);
});

it("bounds what a server says and how long it takes", async () => {
  const { url } = await tools();
  const small = session(url, { maxBytes: 10_000 });
  await small.listTools(signal());
  const { error } = (await small.callTool("flood", {}, signal())) as { error: unknown };
  expect(error).toMatchObject({ message: expect.stringContaining("The server's reply is longer than 10000 bytes.") });
  const hurried = session(url, { timeoutMs: 1_500 });
  await hurried.listTools(signal());
  expect(await hurried.callTool("hang", {}, signal())).toMatchObject({ error: { type: "mcp_protocol_error" } });
  await expect(session(url, { maxTools: 4 }).listTools(signal())).rejects.toThrow("more than 4 tools");
});

/** A server whose replies to `tools/call` are told by hand. */
async function faltering(answerCall: (res: ServerResponse, id: number) => void, resume?: RequestListener) {
  return await listening(async (req, res) => {
    if (req.method === "GET")
      return req.headers["last-event-id"] && resume ? resume(req, res) : res.writeHead(405).end();
    const { id, method, params } = (await json(req)) as { id?: number; method: string; params: object };
    if (id === undefined) return res.writeHead(202).end();
    if (method === "tools/call") return answerCall(res.writeHead(200, { "content-type": "text/event-stream" }), id);
    const result = { ...params, capabilities: { tools: {} }, serverInfo: { name: "kit", version: "1" } };
    return res
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
}

const answer = (id: number, text = "Here.") =>
  `data: ${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } })}\n\n`;

it.each<[string, (res: ServerResponse) => void]>([
  ["ends", (res) => void res.end(": working\n\n")],
  ["breaks off", (res) => void res.write("data: {", () => res.destroy())],
])("does not wait for an answer when a reply %s without one", async (_, leave) => {
  const kit = session(await faltering(leave));
  expect(await kit.callTool("any", {}, signal())).toMatchObject({
    error: { type: "mcp_protocol_error", message: expect.stringContaining("ended before it had answered") },
  });
});

it("asks for the rest of a reply that gave an id, even in two pieces", async () => {
  let asked = 0;
  const url = await faltering(
    (res, id) => {
      asked = id;
      res.write("retry: 1\r\ni", () => setImmediate(() => res.end("d: first\r\ndata:\r\n\r\n")));
    },
    (_req, res) => res.writeHead(200, { "content-type": "text/event-stream" }).end(answer(asked)),
  );
  expect(await session(url).callTool("any", {}, signal())).toEqual({ output: "Here." });
});

it("takes an answer that comes with the end", async () => {
  for (const text of ["Here.", "x".repeat(3_000_000)]) {
    const kit = session(await faltering((res, id) => void res.end(answer(id, text))));
    for (let i = 0; i < 10; i++) expect(await kit.callTool("any", {}, signal())).toEqual({ output: text });
  }
});

it("ends a call when its client leaves", async () => {
  const kit = session((await tools()).url);
  await kit.listTools(signal());
  const leaving = new AbortController();
  const call = kit.callTool("hang", {}, leaving.signal);
  leaving.abort();
  await expect(call).rejects.toThrow();
});
