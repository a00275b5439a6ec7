import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, type JSONRPCErrorResponse, McpError, type RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { McpCallError } from "@outlet/core";
import { REFUSED } from "./mcp.options.ts";

const MAX_MESSAGE = 500;

const UNANSWERED = "The server's reply ended before it had answered.";

/** An answer in the server's stead, which a request that has one does not get. */
export function unanswered(id: RequestId, cutOff: Error | null): JSONRPCErrorResponse {
  return { jsonrpc: "2.0", id, error: { code: ErrorCode.ConnectionClosed, message: cutOff?.message ?? UNANSWERED } };
}

/** What the client is told of a server that could not be asked: nothing of addresses, and nothing the server said of itself. */
export function connectionProblem(error: unknown): string {
  if (error instanceof StreamableHTTPError) return `The server answered with HTTP status ${error.code ?? "unknown"}.`;
  if (error instanceof McpError) return `The server refused in the protocol (${error.code}).`;
  if (isNetworkFailure(error)) return REFUSED;
  return error instanceof Error ? error.message.slice(0, MAX_MESSAGE) : REFUSED;
}

/** A failed call as the API tells of it. */
export function callError(error: unknown): McpCallError {
  if (error instanceof McpError) {
    return { type: "mcp_protocol_error", code: error.code, message: error.message.slice(0, MAX_MESSAGE) };
  }
  const code = error instanceof StreamableHTTPError ? (error.code ?? 502) : 502;
  return { type: "http_error", code, message: connectionProblem(error) };
}

/** `fetch` rejects with a `TypeError` whose cause names addresses. */
function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError;
}
