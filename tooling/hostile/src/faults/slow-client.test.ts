import { createHash } from "node:crypto";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { openai } from "@outlet/engine-openai";
import { afterAll, expect, test } from "vitest";
import { SERVERS } from "../kit/servers.ts";
import { CHAT } from "../kit/wire.ts";
import { DONE, EVENTS, LAST, rawUpstream } from "./raw-upstream.ts";

// A client that stops to read must hold back the upstream itself: whatever else takes the bytes meanwhile is this server's memory.

/** Far more than the system's buffers of two connections take by themselves. */
const COUNT = 1024;
const EVENT_BYTES = 65_536;
/** Turns of the event loop, which all three sides share, in which nothing moves once nothing can. */
const STILL_TURNS = 2_000;
/** The response's high-water mark, and what one read from the upstream brings after that. */
const MOST_HELD = 512 * 1024;

const content = "x".repeat(EVENT_BYTES);
const event = (index: number) => `data: {"id":"${index}","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;

/** What the upstream writes, as fast as it is let, and how far it has come. */
class Pouring {
  readonly hash = createHash("sha256");
  bytes = 0;
  private next = 0;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.write(EVENTS);
    this.pour();
  }

  /** All of it is written, if not read. */
  get over(): boolean {
    return this.next === COUNT;
  }

  /** How much the system has taken. */
  get sent(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  private pour(): void {
    while (!this.over) {
      const text = event(this.next);
      this.next += 1;
      if (!this.write(text)) {
        this.socket.once("drain", () => this.pour());
        return;
      }
    }
    this.write(LAST + DONE);
    this.socket.end();
  }

  private write(text: string): boolean {
    this.hash.update(text);
    this.bytes += text.length;
    return this.socket.write(text);
  }
}

let poured = Promise.withResolvers<Pouring>();
const upstream = await rawUpstream(() => (socket) => poured.resolve(new Pouring(socket)));
afterAll(() => upstream.close());

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function untilStill(pouring: Pouring): Promise<void> {
  let sent = -1;
  for (let still = 0; still < STILL_TURNS; still += 1) {
    if (pouring.sent !== sent) still = 0;
    sent = pouring.sent;
    await turn();
  }
}

function open(port: number): Promise<IncomingMessage> {
  const body = JSON.stringify({ ...JSON.parse(CHAT), stream: true });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/v1/chat/completions",
      method: "POST",
      headers,
      agent: false,
    });
    sent.on("response", resolve).on("error", reject).end(body);
  });
}

test.each(SERVERS)("a client that stops to read holds back the upstream on $name", async ({ serve }) => {
  poured = Promise.withResolvers();
  const engine = openai({ baseURL: upstream.baseURL, maxRetries: 0 });
  const served = await serve({ models: { "*": engine } });
  try {
    let res: ServerResponse | undefined;
    served.server.on("request", (_, response) => {
      res = response;
    });
    const response = await open(served.port);
    const pouring = await poured.promise;
    await untilStill(pouring);

    expect(pouring.over).toBe(false);
    expect(res?.writableNeedDrain).toBe(true);
    expect(res?.writableLength).toBeLessThan(MOST_HELD);

    const received = createHash("sha256");
    let bytes = 0;
    for await (const chunk of response) {
      received.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    expect(response.complete).toBe(true);
    expect(bytes).toBe(pouring.bytes);
    expect(received.digest("hex")).toBe(pouring.hash.digest("hex"));
  } finally {
    await served.close();
  }
});
