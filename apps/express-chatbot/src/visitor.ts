import type { ChatEvent } from "./chat.routes.ts";
import type { Message } from "./history.ts";

/** How one question went. */
export interface Reply {
  status: number;
  /** What came of the answer. */
  text: string;
  /** Pieces it came in. */
  pieces: number;
  /** True when the answer came to its end, or to its limit. */
  done: boolean;
  /** True when it was cut at its limit. */
  stopped?: boolean;
  /** What the person was told instead, or after a part of the answer. */
  error?: string;
}

export interface Visitor {
  /** Asks, as the page does. Calls `onText` with the whole text so far; rejects when `signal` aborts. */
  ask(message: unknown, options?: { signal?: AbortSignal; onText?: (text: string) => void }): Promise<Reply>;
  conversation(): Promise<{ model: string; messages: Message[] }>;
  startOver(): Promise<void>;
  /** The cookie this visitor was given. */
  cookie: string;
}

/** A browser without a window: speaks to the chatbot over HTTP and keeps its cookie. For `verify` and the tests. */
export function createVisitor(url: string, cookie = ""): Visitor {
  async function call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { cookie: visitor.cookie, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) visitor.cookie = set.split(";", 1)[0] as string;
    return response;
  }

  const visitor: Visitor = {
    cookie,
    async ask(message, { signal, onText } = {}) {
      const response = await call("POST", "/api/chat", { message }, signal);
      const reply: Reply = { status: response.status, text: "", pieces: 0, done: false };
      if (!response.ok) return { ...reply, ...((await response.json()) as { error: string }) };
      for await (const event of events(response)) {
        if ("error" in event) reply.error = event.error;
        else if ("done" in event) Object.assign(reply, event);
        else {
          reply.text += event.text;
          reply.pieces += 1;
          onText?.(reply.text);
        }
      }
      return reply;
    },
    async conversation() {
      const response = await call("GET", "/api/conversation");
      return (await response.json()) as { model: string; messages: Message[] };
    },
    async startOver() {
      await call("DELETE", "/api/conversation");
    },
  };
  return visitor;
}

async function* events(response: Response): AsyncGenerator<ChatEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const whole = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = whole.pop() ?? "";
    for (const event of whole) yield JSON.parse(event.slice("data: ".length)) as ChatEvent;
  }
}
