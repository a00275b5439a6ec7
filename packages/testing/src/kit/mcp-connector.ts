import { type McpConnector, McpUnreachable } from "@outlet/core";

/** A remote server that is there, and one that is not; nothing is connected to. */
export const MCP_SERVER = "https://mcp.kit.test/mcp";
export const MCP_DOWN = "https://down.kit.test/mcp";

const parameters = { type: "object", properties: { text: { type: "string" } } };

/** What the kit's remote server has. */
const MCP_TOOLS = [
  { name: "echo", description: "Says it again.", input_schema: parameters, annotations: { readOnlyHint: true } },
  { name: "whoami", description: "Who is calling.", input_schema: parameters, annotations: { readOnlyHint: true } },
  { name: "break", description: null, input_schema: parameters, annotations: null },
];

export const kitMcp: McpConnector = {
  specificationVersion: "v1",
  session: ({ url, headers }) => ({
    async listTools() {
      if (url !== MCP_SERVER) throw new McpUnreachable("The server answered with HTTP status 503.");
      return MCP_TOOLS;
    },
    async callTool(name, input) {
      if (name === "echo") return { output: String(input.text) };
      if (name === "whoami") return { output: headers.authorization ?? "nobody" };
      return { error: { type: "mcp_tool_execution_error", content: [{ type: "text", text: "It broke." }] } };
    },
    close: async () => {},
  }),
};
