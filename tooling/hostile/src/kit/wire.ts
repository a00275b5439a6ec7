import { connect } from "node:net";

export interface WireAnswer {
  /** Everything the server sent. */
  text: string;
  /** Status codes of all responses, in order. */
  statuses: number[];
  /** True when the server ended the connection, false when the wait was over. */
  closed: boolean;
}

export interface WireOptions {
  /** End our side after writing; default: leave it open. */
  end?: boolean;
  /** Stop when this many responses have come; default: one. */
  responses?: number;
  /** The answer has a head alone: it is to a HEAD request. */
  headOnly?: boolean;
  /** Milliseconds after which an open connection is taken as it is; default: 2,000. */
  patienceMs?: number;
}

/** Writes bytes to a server as they are, whatever they mean, and reads until it answers or hangs up. */
export function wire(port: number, bytes: string | Uint8Array, options: WireOptions = {}): Promise<WireAnswer> {
  const { end = false, responses = 1, headOnly = false, patienceMs = 2_000 } = options;
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const finish = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ text, statuses: statusesOf(text), closed });
    };
    const timer = setTimeout(() => finish(false), patienceMs);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("latin1");
      if (statusesOf(text).filter((status) => status >= 200).length >= responses && (headOnly || isWhole(text)))
        finish(false);
    });
    socket.on("error", () => {});
    socket.on("close", () => finish(true));
    const data = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    if (end) socket.end(data);
    else socket.write(data);
  });
}

function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((found) => Number(found[1]));
}

/** True when the last response has all of its body, as far as its length is announced. */
function isWhole(text: string): boolean {
  const last = text.slice(text.lastIndexOf("HTTP/1.1 "));
  const headEnd = last.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(last.slice(0, headEnd))?.[1];
  if (length !== undefined) return last.length - headEnd - 4 >= Number(length);
  return !/\r\ntransfer-encoding: chunked/i.test(last.slice(0, headEnd)) || last.endsWith("\r\n0\r\n\r\n");
}

export const CHAT = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] });

/** A request as text, with the headers that a valid one needs. */
export function request(options: {
  method?: string;
  target?: string;
  version?: string;
  headers?: readonly string[];
  body?: string;
}): string {
  const { method = "POST", target = "/v1/chat/completions", version = "HTTP/1.1", headers, body = CHAT } = options;
  const lines = headers ?? [`content-length: ${body.length}`];
  const head = [`${method} ${target} ${version}`, "host: localhost", "content-type: application/json", ...lines];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
