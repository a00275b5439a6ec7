import { chatBody } from "../load/requests.ts";

/** A kind of answer that is stored or not. */
export interface Storing {
  readonly endpoint: "chat" | "responses";
  readonly stream: boolean;
}

const PATHS = { chat: "/v1/chat/completions", responses: "/v1/responses" };

/** The request for it, ready for the socket. */
export function storingRequest({ endpoint, stream }: Storing, store: boolean): Buffer {
  const { messages, temperature } = JSON.parse(chatBody(stream ? "paced" : "plain"));
  const body = JSON.stringify({
    model: stream ? "streamer" : "bench",
    [endpoint === "chat" ? "messages" : "input"]: messages,
    temperature,
    stream,
    store,
    metadata: { customer: "c42", team: "t3" },
  });
  const head = [
    `POST ${PATHS[endpoint]} HTTP/1.1`,
    "host: 127.0.0.1",
    "authorization: Bearer sk-bench",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
