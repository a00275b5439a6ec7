import type { Mounted } from "../cell.ts";
import type { Begun, Opened, Transport } from "./transport.ts";

/** Requests to a cell that has no socket. */
export function fetchTransport(fetch: NonNullable<Mounted["fetch"]>): Transport {
  return ({ url, method, headers, body }): Begun => {
    const controller = new AbortController();
    const leave = () => controller.abort();
    const init = { method, headers, body: body as Uint8Array<ArrayBuffer> | null, signal: controller.signal };
    const response = fetch(url, init).then((reply) => opened(reply, leave));
    response.catch(() => {});
    return { response, leave };
  };
}

function opened(reply: Response, leave: () => void): Opened {
  const reader = reply.body?.getReader();
  return {
    status: reply.status,
    headers: Object.fromEntries(reply.headers),
    async next() {
      const result = await reader?.read();
      return !result || result.done ? null : result.value;
    },
    leave,
  };
}
