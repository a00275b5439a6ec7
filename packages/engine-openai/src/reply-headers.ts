import type { Dispatcher } from "undici";

export type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

const JSON_TYPE = "application/json";

/** They belong to this connection and this session, and mean nothing to whoever reads the reply. */
const DROPPED = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "set-cookie",
  "transfer-encoding",
  "upgrade",
]);

/** The upstream's headers, one string each. `content-encoding: identity` says nothing and is left out. */
export function replyHeaders(headers: IncomingHeaders): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || DROPPED.has(name)) continue;
    out[name] = typeof value === "string" ? value : value.join(", ");
  }
  if (out["content-encoding"]?.toLowerCase() === "identity") delete out["content-encoding"];
  return out;
}

// As nearly all servers write them first: a regular expression costs more than all the rest of reading a head.
export function isEventStream(headers: Record<string, string>): boolean {
  const type = headers["content-type"] ?? "";
  if (type === JSON_TYPE) return false;
  return type === "text/event-stream" || /^\s*text\/event-stream\b/i.test(type);
}

function isJson(type: string): boolean {
  return type === JSON_TYPE || /^\s*application\/(?:[\w.-]+\+)?json\b/i.test(type);
}

/** Why a successful reply cannot be handed on; null when it can. */
export function contentRefusal(headers: Record<string, string>, stream: boolean): string | null {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined) {
    return `The upstream compressed its reply (${shown(encoding)}) although it was not asked to.`;
  }
  if (isEventStream(headers)) {
    return stream ? null : "The upstream sent an event stream although it was not asked for one.";
  }
  if (!stream || isJson(headers["content-type"] ?? "")) return null;
  return `The upstream was asked for an event stream and sent '${shown(headers["content-type"])}'.`;
}

function shown(value: string | undefined): string {
  return (value ?? "no content type").slice(0, 100);
}
