// The parts of Node's modules that fetching uses, typed by shape: core imports none of them, so that it loads anywhere.

export interface NodeModules {
  readonly http: NodeHttp;
  readonly https: NodeHttp;
  readonly dns: { lookup(hostname: string, options: { all: true }): Promise<readonly { address: string }[]> };
}

interface NodeHttp {
  request(options: NodeRequestOptions, onResponse: (response: NodeIncoming) => void): NodeOutgoing;
}

export interface NodeRequestOptions {
  host: string;
  port: number;
  path: string;
  method: "GET";
  headers: Record<string, string>;
  /** The name that a certificate has to be for. */
  servername: string;
  agent: false;
  signal: AbortSignal;
}

export interface NodeIncoming extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  destroy(): unknown;
}

interface NodeOutgoing {
  on(event: "error", listener: (error: Error) => void): unknown;
  end(): unknown;
}

interface Runtime {
  readonly navigator?: { readonly userAgent?: string };
  readonly process?: { getBuiltinModule?(id: string): unknown };
}

/**
 * Node's own modules, which Bun and Deno have, too; `null` where there are none. Workers have them by name, and their
 * sockets go elsewhere than one says.
 */
export function nodeModules(): NodeModules | null {
  const { navigator, process } = globalThis as Runtime;
  if (navigator?.userAgent === "Cloudflare-Workers" || !process?.getBuiltinModule) return null;
  const http = process.getBuiltinModule("node:http") as NodeHttp | undefined;
  const https = process.getBuiltinModule("node:https") as NodeHttp | undefined;
  const dns = process.getBuiltinModule("node:dns/promises") as NodeModules["dns"] | undefined;
  return http && https && dns ? { http, https, dns } : null;
}
