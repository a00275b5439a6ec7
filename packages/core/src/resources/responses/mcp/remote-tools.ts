import type { Call } from "../../../call.ts";
import { mcpServerFailed } from "../../../errors/catalogue.ts";
import { untilAborted } from "../../../http/abort.ts";
import type { Item, ItemOf } from "../../../items/item.types.ts";
import { newItemId } from "../../../items/item-id.ts";
import type { McpResult, McpSession, McpTool } from "../../../mcp/mcp-connector.ts";
import type { ChatTool } from "../../chat/completions/chat-completions.schema.ts";
import type { ResponseRequest } from "../responses.schema.ts";
import { needsApproval, passesFilter } from "./filters.ts";
import { createFunctionNames } from "./function-names.ts";
import { type RemoteServer, remoteServers } from "./remote-servers.ts";

/** A tool of a remote server, as a model may call it. */
export interface RemoteTool {
  readonly server: string;
  readonly name: string;
  readonly needsApproval: boolean;
  call(input: Readonly<Record<string, unknown>>): Promise<McpResult>;
}

/** The remote servers' tools that a request may use. */
export interface RemoteTools {
  /** How a model is offered them. */
  readonly functions: readonly ChatTool[];
  /** The servers that had to be asked what they have. */
  readonly lists: readonly ItemOf<"mcp_list_tools">[];
  /** By the name that a model calls it by. */
  byFunction(name: string): RemoteTool | undefined;
  byName(server: string, name: string): RemoteTool | undefined;
  /** What a model knows a tool by, also one that is not offered any more. */
  functionName(server: string, name: string): string;
  close(): Promise<void>;
}

/**
 * Asks the request's remote servers for their tools. A server whose list is in the context already is not asked again.
 * @throws ApiError 400 for a server that is not described well, 424 for one that cannot be asked
 */
export async function openRemoteTools(
  call: Pick<Call, "services" | "context">,
  request: ResponseRequest,
  context: readonly Item[],
): Promise<RemoteTools | null> {
  const described = remoteServers(call, request);
  if (described.length === 0) return null;
  const servers = described.map((server) => ({ ...server, session: server.session() }));
  const close = async () => void (await Promise.allSettled(servers.map(({ session }) => session.close())));
  try {
    const lists = await Promise.all(servers.map((server) => listed(server, context, call.context.signal)));
    return remoteTools(servers, lists, request, call.context.signal, close);
  } catch (error) {
    await close();
    throw error;
  }
}

type OpenServer = Omit<RemoteServer, "session"> & { readonly session: McpSession };

interface Listed {
  readonly tools: readonly McpTool[];
  readonly fresh: boolean;
}

async function listed({ label, session }: OpenServer, context: readonly Item[], signal: AbortSignal): Promise<Listed> {
  const known = context.findLast(
    (item) => item.type === "mcp_list_tools" && item.server_label === label && !item.error,
  );
  if (known?.type === "mcp_list_tools") return { tools: known.tools, fresh: false };
  try {
    return { tools: await untilAborted(session.listTools(signal), signal), fresh: true };
  } catch (error) {
    signal.throwIfAborted();
    throw mcpServerFailed(label, error);
  }
}

function remoteTools(
  servers: readonly OpenServer[],
  lists: readonly Listed[],
  request: ResponseRequest,
  signal: AbortSignal,
  close: () => Promise<void>,
): RemoteTools {
  const names = createFunctionNames(request);
  const functions: ChatTool[] = [];
  const byFunction = new Map<string, RemoteTool>();
  const fresh: ItemOf<"mcp_list_tools">[] = [];
  for (const [index, { label, session, tool: described }] of servers.entries()) {
    const { tools, fresh: asked } = lists[index] as Listed;
    const usable = tools.filter((tool) => passesFilter(tool, described.allowed_tools));
    if (asked) {
      fresh.push({ id: newItemId("mcp_list_tools"), type: "mcp_list_tools", server_label: label, tools: [...usable] });
    }
    for (const tool of usable) {
      const name = names.add(label, tool.name);
      const parameters = tool.input_schema as Record<string, unknown>;
      const description = tool.description ?? undefined;
      functions.push({ type: "function", function: { name, parameters, ...(description && { description }) } });
      byFunction.set(name, {
        server: label,
        name: tool.name,
        needsApproval: needsApproval(tool, described.require_approval),
        call: (input) => untilAborted(called(session, tool.name, input, signal), signal),
      });
    }
  }
  return {
    functions,
    lists: fresh,
    byFunction: (name) => byFunction.get(name),
    byName: (server, name) => byFunction.get(names.of(server, name)),
    functionName: names.of,
    close,
  };
}

/** A connector that breaks its promise fails the call, not the response. */
async function called(
  session: McpSession,
  name: string,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<McpResult> {
  try {
    return await session.callTool(name, input, signal);
  } catch {
    signal.throwIfAborted();
    return { error: { type: "http_error", code: 502, message: "The server could not be asked." } };
  }
}
