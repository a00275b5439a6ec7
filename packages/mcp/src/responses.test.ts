import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createOutlet, defineModel } from "@outlet/core";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { mcp } from "./index.ts";

/** A server that keeps its sessions, as the official one does by default. */
async function weatherServer(): Promise<string> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const listening = createServer(async (req, res) => {
    const known = transports.get(String(req.headers["mcp-session-id"]));
    if (known) return known.handleRequest(req, res);
    const server = new McpServer({ name: "weather", version: "1" });
    server.registerTool("weather", { inputSchema: { city: z.string() } }, ({ city }) => ({
      content: [{ type: "text", text: `Sunny in ${city}.` }],
    }));
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void transports.set(id, transport),
    });
    await server.connect(transport as never);
    return transport.handleRequest(req, res);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    listening.closeAllConnections();
    listening.close();
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/mcp`;
}

it("gives a response the tools of a real server", async () => {
  const outlet = createOutlet({
    access: "open",
    mcp: mcp({ allow: ({ address }) => address === "127.0.0.1", insecure: true }),
    models: {
      m: defineModel(({ messages }) => {
        const last = messages.at(-1);
        if (last?.role === "tool") return String(last.content);
        return [{ tool_call: { name: "weather", arguments: { city: "Oslo" } } }];
      }),
    },
  });
  const tools = [
    { type: "mcp", server_label: "weather", server_url: await weatherServer(), require_approval: "never" },
  ];
  const reply = await outlet.fetch("http://outlet/v1/responses", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", input: "How is Oslo?", tools }),
  });
  const { output } = await reply.json();
  expect(output).toMatchObject([
    { type: "mcp_list_tools", tools: [{ name: "weather" }] },
    { type: "mcp_call", name: "weather", status: "completed", output: "Sunny in Oslo." },
    { type: "message", content: [{ text: "Sunny in Oslo." }] },
  ]);
  await outlet.close();
});
