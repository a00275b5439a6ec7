import { hc } from "hono/client";
import type { ShopApp } from "./app.ts";
import type { AssistantEvent } from "./assistant/assistant.routes.ts";
import type { BasketView } from "./basket/basket.ts";

/** How one question went. */
export interface Reply {
  status: number;
  /** What came of the answer. */
  text: string;
  /** Pieces it came in. */
  pieces: number;
  /** What the assistant did, in its words for the person. */
  steps: string[];
  /** The basket, each time that the assistant changed it. */
  baskets: BasketView[];
  /** True when the answer came to its end. */
  done: boolean;
  /** What the person was told instead, or after a part of the answer. */
  error?: string;
}

/** A browser without a window: speaks to the shop over HTTP and keeps its cookie. For `verify` and the tests. */
export function createVisitor(url: string, cookie = "") {
  async function send(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", visitor.cookie);
    const response = await fetch(input, { ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) visitor.cookie = set.split(";", 1)[0] as string;
    return response;
  }

  const visitor = {
    /** The cookie that this visitor was given. */
    cookie,
    /** The shop's endpoints, with their types: `visitor.api.basket.$get()`. */
    api: hc<ShopApp>(url, { fetch: send }).api,
    /** Asks, as the page does. Calls `onText` with the whole text so far; rejects when `signal` aborts. */
    async ask(
      message: unknown,
      options: { signal?: AbortSignal; onText?: (text: string) => void } = {},
    ): Promise<Reply> {
      const response = await send(`${url}/api/assistant`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message }),
        ...(options.signal && { signal: options.signal }),
      });
      const reply: Reply = { status: response.status, text: "", pieces: 0, steps: [], baskets: [], done: false };
      if (!response.ok) return { ...reply, ...((await response.json()) as { error: string }) };
      for await (const event of events(response)) {
        if ("error" in event) reply.error = event.error;
        else if ("done" in event) reply.done = true;
        else if ("step" in event) reply.steps.push(event.step);
        else if ("basket" in event) reply.baskets.push(event.basket);
        else {
          reply.text += event.text;
          reply.pieces += 1;
          options.onText?.(reply.text);
        }
      }
      return reply;
    },
  };
  return visitor;
}

async function* events(response: Response): AsyncGenerator<AssistantEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const whole = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = whole.pop() ?? "";
    for (const event of whole) yield JSON.parse(event.slice("data: ".length)) as AssistantEvent;
  }
}
