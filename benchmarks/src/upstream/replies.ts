import { CHUNKS } from "../load/requests.ts";

// The upstream's canned bytes, framing included, so that what is measured is the gateway.

const usage = { prompt_tokens: 100, completion_tokens: CHUNKS, total_tokens: 100 + CHUNKS };
const head = { id: "chatcmpl-bench", created: 1_700_000_000, model: "bench" };
export const words: readonly string[] = Array.from({ length: CHUNKS }, (_, i) => ` word${i}`);

const body = JSON.stringify({
  ...head,
  object: "chat.completion",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: words.join(""), refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage,
});

export const wholeReply: Buffer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);

const framed = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (data: string) => `data: ${data}\n\n`;
const chunk = (choices: unknown[], more: object = {}) =>
  JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more });

const chunks = words.map((content) =>
  framed(event(chunk([{ index: 0, delta: { content }, logprobs: null, finish_reason: null }]))),
);
const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";

/** The headers and the first chunk, in one write, as servers send them. */
export const streamStart: Buffer = Buffer.from(streamHead + chunks[0]);
export const streamChunks: readonly Buffer[] = chunks.map((text) => Buffer.from(text));
/** The finish reason, the usage, `[DONE]` and the end of the body. */
export const streamEnd: Buffer = Buffer.from(
  framed(event(chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }]))) +
    framed(event(chunk([], { usage }))) +
    framed(event("[DONE]")) +
    "0\r\n\r\n",
);
