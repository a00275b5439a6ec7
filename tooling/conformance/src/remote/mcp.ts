import { type McpConnector, type McpServer, McpUnreachable, type OutletOptions } from "@outlet/core";

/** What another runtime's outlet wants of the test process's remote servers. */
export interface McpAsk {
  readonly server: McpServer;
  /** Null to list the tools. */
  readonly call: { readonly name: string; readonly input: Record<string, unknown> } | null;
}

type McpAnswer = { readonly value: unknown } | { readonly unreachable: string };

/** Remote servers as the other runtime sees them. */
export function remoteMcp(post: (path: string, body: McpAsk) => Promise<Response>): McpConnector {
  const ask = async <Value>(body: McpAsk): Promise<Value> => {
    const answer = (await (await post("/mcp", body)).json()) as McpAnswer;
    if ("unreachable" in answer) throw new McpUnreachable(answer.unreachable);
    return answer.value as Value;
  };
  return {
    specificationVersion: "v1",
    session: (server) => ({
      listTools: () => ask({ server, call: null }),
      callTool: (name, input) => ask({ server, call: { name, input } }),
      close: async () => {},
    }),
  };
}

export async function answerMcp({ mcp }: OutletOptions, { server, call }: McpAsk): Promise<McpAnswer> {
  const { signal } = new AbortController();
  try {
    const session = mcp?.session(server);
    return { value: await (call ? session?.callTool(call.name, call.input, signal) : session?.listTools(signal)) };
  } catch (error) {
    return { unreachable: error instanceof Error ? error.message : String(error) };
  }
}
