/** What the upstream shall do with a request; it finds the word in the user's message. */
export type Order =
  /** A whole reply. */
  | "plain"
  /** A stream of `CHUNKS` chunks, `number` milliseconds apart. */
  | "paced"
  /** A stream whose first chunk comes at once and whose end comes 10 ms later. */
  | "brief"
  /** A stream that stays open, silent after its first chunk, until the upstream is told otherwise. */
  | "held"
  /** A stream without an end, a chunk every half second. */
  | "endless";

export const CHUNKS = 64;
const SYSTEM = "You are a helpful assistant. ".repeat(8);
const QUESTION = "Tell me something interesting about bridges. ".repeat(4);

/** A chat request of about a kilobyte, as JSON. */
export const chatBody = (order: Order, number = 0): string =>
  JSON.stringify({
    model: "bench",
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: `@${order}:${number} ${QUESTION}` },
    ],
    temperature: 0.7,
    stream: order !== "plain",
  });

/** The same, ready for the socket. */
export function chatRequest(headers: Record<string, string>, order: Order, number = 0): Buffer {
  const body = chatBody(order, number);
  const lines = Object.entries({
    host: "127.0.0.1",
    authorization: "Bearer sk-bench",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /v1/chat/completions HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}
