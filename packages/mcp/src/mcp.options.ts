import { isPublicAddress } from "@outlet/core";

/** Where a connection would go. */
export interface McpTarget {
  /** An IPv4 or IPv6 address, without brackets. */
  readonly address: string;
  /** The name, or the address, in the URL. */
  readonly hostname: string;
}

export interface McpOptions {
  /**
   * Whether a server may be connected to; asked of every address that a name has, before the connection is made to one of them. Default:
   * public addresses only, so that no client makes the outlet talk to its own network.
   */
  allow?: (target: McpTarget) => boolean;
  /** Whether `http://` is spoken; default: false. Secrets are sent in the clear then. */
  insecure?: boolean;
  /** How long listing tools or one call may take, in milliseconds; default: 60,000. */
  timeoutMs?: number;
  /** Longest reply of a server, in bytes; default: 4 MiB. */
  maxBytes?: number;
  /** Most tools of one server; default: 256. */
  maxTools?: number;
}

/** Does not tell what is refused from what does not exist. */
export const REFUSED = "The server could not be reached.";

export function withDefaults({
  allow = ({ address }) => isPublicAddress(address),
  insecure = false,
  timeoutMs = 60_000,
  maxBytes = 4 * 1024 * 1024,
  maxTools = 256,
}: McpOptions): Required<McpOptions> {
  return { allow, insecure, timeoutMs, maxBytes, maxTools };
}
