import type { ItemOf } from "../items/item.types.ts";

/** Where a remote MCP server is, as a client named it. */
export interface McpServer {
  /** What the client calls it. */
  readonly label: string;
  readonly url: string;
  /** Sent with every request to it: the client's secrets, never to be logged or kept. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A tool as its server lists it. */
export type McpTool = ItemOf<"mcp_list_tools">["tools"][number];

/** Why a call failed, in the API's own forms. https://platform.openai.com/docs/api-reference/responses/object */
export type McpCallError = NonNullable<ItemOf<"mcp_call">["error"]>;

/** What a call came to. */
export type McpResult = { readonly output: string } | { readonly error: McpCallError };

export interface McpSession {
  /** Rejects with an `McpUnreachable` when the server cannot be asked. */
  listTools(signal: AbortSignal): Promise<readonly McpTool[]>;
  /** Rejects only when the signal aborts. */
  callTool(name: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<McpResult>;
  close(): Promise<void>;
}

/**
 * Talks to remote MCP servers for Responses. The server's URL is the client's: whoever implements this decides where the outlet may be
 * made to connect to, how long that may take and how much it may say.
 */
export interface McpConnector {
  readonly specificationVersion: "v1";
  /** A session; nothing is connected before it is first used. */
  session(server: McpServer): McpSession;
  close?(): Promise<void>;
}

/** A server that could not be asked for its tools; the message is for the client to read. */
export class McpUnreachable extends Error {
  override readonly name = "McpUnreachable";
}
