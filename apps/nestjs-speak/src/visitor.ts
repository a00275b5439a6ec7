import type { DeskDto, Word } from "./tutor/lesson.schema.ts";
import type { TurnEvent } from "./tutor/turn.events.ts";

type EventOf<Type extends TurnEvent["type"]> = Extract<TurnEvent, { type: Type }>;

/** How one turn went. */
export interface Turn {
  status: number;
  reply: string;
  /** Pieces the reply came in. */
  pieces: number;
  correction: EventOf<"correction">["correction"] | null;
  /** What came into the list by it. */
  words: Word[];
  uncorrected: boolean;
  /** True when the turn came to its end. */
  done: boolean;
  /** What the learner was told instead of a reply, or after a part of it. */
  failed: string | null;
}

export interface Visitor {
  readonly url: string;
  /** The cookie this visitor was given. */
  cookie: string;
  call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response>;
  desk(): Promise<DeskDto>;
  start(language?: string, level?: string): Promise<DeskDto>;
  /** Says something, as the page does. Calls `onReply` with the reply so far; rejects when `signal` aborts. */
  say(text: unknown, options?: { signal?: AbortSignal; onReply?: (text: string) => void }): Promise<Turn>;
  words(): Promise<Word[]>;
}

/** A browser without a window: speaks to the app over HTTP and keeps its cookie. For `verify` and the tests. */
export function createVisitor(url: string, cookie = ""): Visitor {
  const visitor: Visitor = {
    url,
    cookie,
    async call(method, path, body, signal) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { cookie: visitor.cookie, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
      const [set] = response.headers.getSetCookie();
      if (set !== undefined) visitor.cookie = set.split(";", 1)[0] as string;
      return response;
    },
    desk: async () => (await (await visitor.call("GET", "/api/lesson")).json()) as DeskDto,
    start: async (language = "es", level = "A2") =>
      (await (await visitor.call("POST", "/api/lesson", { language, level })).json()) as DeskDto,
    async say(text, { signal, onReply } = {}) {
      const response = await visitor.call("POST", "/api/lesson/turns", { text }, signal);
      const turn: Turn = {
        status: response.status,
        reply: "",
        pieces: 0,
        correction: null,
        words: [],
        uncorrected: false,
        done: false,
        failed: null,
      };
      if (!response.ok) return turn;
      for await (const event of events(response)) {
        if (event.type === "reply") {
          turn.reply += event.text;
          turn.pieces += 1;
          onReply?.(turn.reply);
        } else if (event.type === "correction") {
          turn.correction = event.correction;
          turn.words = event.words;
        } else if (event.type === "failed") turn.failed = event.message;
        else if (event.type === "uncorrected") turn.uncorrected = true;
        else turn.done = true;
      }
      return turn;
    },
    words: async () => ((await (await visitor.call("GET", "/api/lesson/words")).json()) as { words: Word[] }).words,
  };
  return visitor;
}

/** Nest writes `event`, `id` and `data` lines, with an empty line after each event. */
async function* events(response: Response): AsyncGenerator<TurnEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const whole = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = whole.pop() ?? "";
    for (const event of whole) {
      const type = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (type && data) yield { type, ...JSON.parse(data) } as TurnEvent;
    }
  }
}
