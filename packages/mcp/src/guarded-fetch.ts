import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, fetch as undiciFetch } from "undici";
import { type McpOptions, REFUSED } from "./mcp.options.ts";

export interface GuardedFetch {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  close(): Promise<void>;
}

export class ReplyTooLong extends Error {}

/**
 * A `fetch` for URLs that strangers chose. Every address that a name has must be allowed, and the connection goes to one of those that were
 * checked; redirects are not followed, and no reply may be longer than `maxBytes`.
 */
export function createGuardedFetch({
  allow,
  maxBytes,
}: Required<Pick<McpOptions, "allow" | "maxBytes">>): GuardedFetch {
  const checkedLookup: LookupFunction = (hostname, _options, callback) => {
    lookup(hostname, { all: true }).then(
      (addresses) => {
        const allowed = addresses.length > 0 && addresses.every(({ address }) => allow({ address, hostname }));
        if (allowed) callback(null, addresses);
        else callback(new Error(REFUSED), []);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
  // No connection is shared between callers: one is made for a session and ends with it.
  const agent = new Agent({ connect: { lookup: checkedLookup, timeout: 10_000 } });

  return {
    async fetch(input, init) {
      const url = new URL(input);
      const hostname = url.hostname.replace(/^\[|\]$/g, "");
      if (isIP(hostname) && !allow({ address: hostname, hostname })) throw new Error(REFUSED);
      const options = { ...init, redirect: "error", dispatcher: agent } as Parameters<typeof undiciFetch>[1];
      return bounded((await undiciFetch(url, options)) as unknown as Response, maxBytes);
    },
    close: () => agent.destroy(),
  };
}

function bounded(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > maxBytes) controller.error(new ReplyTooLong(`The server's reply is longer than ${maxBytes} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}
