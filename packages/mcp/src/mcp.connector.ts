import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { type McpConnector, type McpServer, type McpSession, type McpTool, McpUnreachable } from "@outlet/core";
import { tellingOfEnds } from "./ends.ts";
import { callError, connectionProblem, unanswered } from "./failures.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import { type McpOptions, REFUSED, withDefaults } from "./mcp.options.ts";
import { outputOf } from "./output.ts";

const MAX_PAGES = 32;

/**
 * Talks to remote MCP servers over Streamable HTTP, with the official client.
 *
 * ```ts
 * createOutlet({ models, keys, mcp: mcp() });
 * ```
 */
export function mcp(options: McpOptions = {}): McpConnector {
  const settings = withDefaults(options);
  return { specificationVersion: "v1", session: (server) => createSession(server, settings) };
}

function createSession(server: McpServer, settings: Required<McpOptions>): McpSession {
  const { timeoutMs, maxTools } = settings;
  const guarded = createGuardedFetch(settings);
  let connected: Promise<{ client: Client; transport: StreamableHTTPClientTransport }> | undefined;

  async function connect(signal: AbortSignal) {
    const url = serverUrl(server.url, settings.insecure);
    const transport: StreamableHTTPClientTransport = new StreamableHTTPClientTransport(url, {
      fetch: tellingOfEnds(guarded.fetch, (id, cutOff) => transport.onmessage?.(unanswered(id, cutOff))),
      requestInit: { headers: { ...server.headers } },
    });
    const client = new Client({ name: "outlet", version: "1.0.0" }, { capabilities: {} });
    await client.connect(transport, { signal, timeout: timeoutMs });
    return { client, transport };
  }
  const ready = (signal: AbortSignal) => {
    connected ??= connect(signal);
    return connected;
  };

  return {
    async listTools(signal) {
      try {
        const { client } = await ready(signal);
        const tools: McpTool[] = [];
        let cursor: string | undefined;
        for (let pages = 0; pages < MAX_PAGES; pages++) {
          const page = await client.listTools(cursor === undefined ? {} : { cursor }, { signal, timeout: timeoutMs });
          for (const { name, description, inputSchema, annotations } of page.tools) {
            const described = { description: description ?? null, annotations: annotations ?? null };
            tools.push({ name, input_schema: inputSchema, ...described } as McpTool);
          }
          if (tools.length > maxTools) throw new Error(`The server has more than ${maxTools} tools.`);
          cursor = page.nextCursor;
          if (cursor === undefined) return tools;
        }
        throw new Error("The server's list of tools does not end.");
      } catch (error) {
        signal.throwIfAborted();
        throw new McpUnreachable(connectionProblem(error), { cause: error });
      }
    },

    async callTool(name, input, signal) {
      try {
        const { client } = await ready(signal);
        const limits = { signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs };
        return outputOf(await client.callTool({ name, arguments: { ...input } }, undefined, limits));
      } catch (error) {
        signal.throwIfAborted();
        return { error: callError(error) };
      }
    },

    async close() {
      const open = await connected?.catch(() => undefined);
      await open?.client.close().catch(() => {});
      await guarded.close();
    },
  };
}

function serverUrl(text: string, insecure: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" || (insecure && url?.protocol === "http:")) {
    if (!url.username && !url.password) return url;
  }
  throw new Error(insecure ? REFUSED : "The server's URL must be an https URL without credentials in it.");
}
