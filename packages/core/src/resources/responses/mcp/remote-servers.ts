import type { Call } from "../../../call.ts";
import { invalidRequest, missingParameter } from "../../../errors/catalogue.ts";
import type { McpSession } from "../../../mcp/mcp-connector.ts";
import type { ResponseRequest } from "../responses.schema.ts";
import type { McpDescription } from "./filters.ts";

/** A remote server as the request describes it. */
export interface RemoteServer {
  readonly label: string;
  readonly tool: McpDescription;
  /** Begins a session with it. Nothing is sent yet. */
  session(): McpSession;
}

/** Headers that are the connection's own business. */
const RESERVED = new Set([
  "connection",
  "content-length",
  "content-type",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** @throws ApiError 400 that names what cannot be asked for */
export function remoteServers({ services }: Pick<Call, "services">, { tools = [] }: ResponseRequest): RemoteServer[] {
  const { mcp } = services;
  const labels = new Set<string>();
  return tools.flatMap((tool, index) => {
    if (tool.type !== "mcp") return [];
    const param = `tools[${index}]`;
    if (!mcp) {
      const message = "The tool 'mcp' is not supported: this server does not connect to others.";
      throw invalidRequest(message, `${param}.type`, "unsupported_value");
    }
    const { server_label: label, server_url: url } = tool;
    for (const name of ["connector_id", "tunnel_id", "defer_loading"] as const)
      if (tool[name]) throw unsupported(`${param}.${name}`);
    if (tool.allowed_callers && !tool.allowed_callers.includes("direct")) throw unsupported(`${param}.allowed_callers`);
    if (url === undefined) throw missingParameter(`${param}.server_url`);
    if (!URL.canParse(url)) throw invalid(`${param}.server_url`, "expected a URL");
    if (labels.has(label)) throw invalid(`${param}.server_label`, "another server of this request has the same label");
    labels.add(label);
    const headers = headersOf(tool, param);
    return [{ label, tool, session: () => mcp.session({ label, url, headers }) }];
  });
}

function headersOf({ headers, authorization }: McpDescription, param: string): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,128}$/.test(key) || RESERVED.has(key) || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw invalid(`${param}.headers`, "expected names and values of headers that a client may set");
    }
    sent[key] = value;
  }
  if (authorization !== undefined) {
    if (!/^[\x21-\x7e]+$/.test(authorization)) throw invalid(`${param}.authorization`, "expected an access token");
    sent.authorization = `Bearer ${authorization}`;
  }
  return sent;
}

function invalid(param: string, expected: string) {
  return invalidRequest(`Invalid '${param}': ${expected}.`, param, "invalid_value");
}

function unsupported(param: string) {
  const message = `Unsupported parameter: '${param}' is not supported by this server.`;
  return invalidRequest(message, param, "unsupported_parameter");
}
