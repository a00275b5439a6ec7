import type { McpResult } from "../../../mcp/mcp-connector.ts";
import type { OpenMcpCall } from "./open-mcp.ts";
import type { Output } from "./output.ts";

export interface RemoteCalls {
  /** Makes the calls that are waiting, all at once; gives each when it is settled. */
  make(signal: AbortSignal): AsyncGenerator<OpenMcpCall>;
  /** True when no more calls may be made. */
  exhausted(): boolean;
}

const EXHAUSTED: McpResult = {
  error: {
    type: "mcp_tool_execution_error",
    content: [{ type: "text", text: "The call was not made: the response has made as many as max_tool_calls allows." }],
  },
};

const NO_OBJECT: McpResult = {
  error: { type: "mcp_protocol_error", code: -32602, message: "The arguments are not a JSON object." },
};

/** The calls of one response to remote servers, and no more than `limit` of them. */
export function createRemoteCalls(output: Output, limit: number): RemoteCalls {
  let left = limit;
  return {
    async *make(signal) {
      const calls = output.takeCalls();
      const results = calls.map((call) => {
        if (left <= 0) return Promise.resolve(EXHAUSTED);
        left -= 1;
        const input = inputOf(call);
        return input ? call.tool.call(input) : Promise.resolve(NO_OBJECT);
      });
      // One that rejects is the client's leaving: the others are not to be left without anybody who hears of theirs.
      const settled = Promise.allSettled(results);
      for (const [index, call] of calls.entries()) {
        output.settle(call, await (results[index] as Promise<McpResult>));
        signal.throwIfAborted();
        yield call;
      }
      await settled;
    },
    exhausted: () => left <= 0,
  };
}

function inputOf(call: OpenMcpCall): Record<string, unknown> | null {
  try {
    const input: unknown = JSON.parse(call.input() || "{}");
    return typeof input === "object" && input !== null && !Array.isArray(input)
      ? (input as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
