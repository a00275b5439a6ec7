export { mcp } from "./mcp.connector.ts";
export type { McpOptions, McpTarget } from "./mcp.options.ts";
