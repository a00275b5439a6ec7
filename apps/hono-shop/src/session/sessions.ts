import type { Store, StoredRecord } from "@outlet/core";
import { NEW_THREAD, type Thread } from "../assistant/thread.ts";
import type { Basket } from "../basket/basket.ts";

/** What is remembered, and how much of it. */
export interface Limits {
  /** Days after which a session that nothing has changed in may be forgotten. */
  maxIdleDays: number;
  /** Questions of one visitor that are remembered with their answers; the oldest go first. */
  maxTurns: number;
  /** Characters of one question; more is refused. */
  maxQuestionLength: number;
  /** Tokens the model may write at one go. */
  maxAnswerTokens: number;
  /** Times that the model may call tools in one turn, before it has to answer. */
  maxRounds: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxIdleDays: 30,
  maxTurns: 12,
  maxQuestionLength: 1_000,
  maxAnswerTokens: 800,
  maxRounds: 5,
};

/** A piece of an answer: words, or something that the assistant did. */
export type Part = { text: string } | { step: string };

export interface Turn {
  readonly question: string;
  /** The answer, as the page shows it. */
  readonly parts: Part[];
  /** The person stopped this answer before its end. */
  stopped?: boolean;
}

export interface Session {
  readonly id: string;
  readonly basket: Basket;
  /** The conversation, as the page shows it. */
  turns: Turn[];
  /** The same, as the API has it. */
  thread: Thread;
  /** The answer under way; null when there is none. */
  answering: { readonly stop: AbortController; readonly ended: Promise<void> } | null;
}

export interface Sessions {
  find(id: string): Promise<Session | undefined>;
  create(id: string): Session;
  /** Keeps the session as it is now. */
  save(session: Session): Promise<void>;
}

/** Beside what the outlet keeps in the same store, and nothing that it looks at. */
const OURS = { collection: "shop.session", owner: "shop" };
/** Sessions at hand, without a look into the store: those used last. */
const AT_HAND = 1_000;
/** Idle sessions that are looked for whenever a new one comes. */
const SWEPT = 4;
const DAY = 24 * 60 * 60;

/** What is kept of a session. */
type Kept = Pick<Session, "turns" | "thread"> & { basket: [string, number][] };

/** @param forgotten told of the threads of sessions that are forgotten, and waited for */
export function createSessions(
  store: Store,
  { maxIdleDays }: Pick<Limits, "maxIdleDays">,
  forgotten: (thread: Thread) => Promise<void>,
): Sessions {
  // Requests of one visitor share one session. A Map remembers the order of insertion: the first entry was not used for longest.
  const atHand = new Map<string, Promise<Session | undefined>>();

  function use(id: string, session: Promise<Session | undefined>) {
    atHand.delete(id);
    atHand.set(id, session);
    for (const oldest of atHand.keys()) {
      if (atHand.size <= AT_HAND) break;
      atHand.delete(oldest);
    }
    return session;
  }

  async function load(id: string): Promise<Session | undefined> {
    let session: Session | undefined;
    try {
      const record = await store.get({ ...OURS, id });
      session = record ? sessionOf(record) : undefined;
      return session;
    } finally {
      // Neither what is not there nor a store that does not answer is worth keeping at hand.
      if (!session) atHand.delete(id);
    }
  }

  async function forgetIdle(): Promise<void> {
    const before = now() - maxIdleDays * DAY;
    const page = await store.list({ ...OURS, order: "asc", limit: SWEPT });
    for (const record of page?.records ?? []) {
      if (record.createdAt > before) return;
      atHand.delete(record.id);
      await store.write([{ delete: { ...OURS, id: record.id } }]);
      await forgotten(sessionOf(record).thread);
    }
  }

  return {
    find: (id) => use(id, atHand.get(id) ?? load(id)),
    create(id) {
      const session: Session = { id, basket: new Map(), turns: [], thread: NEW_THREAD, answering: null };
      use(id, Promise.resolve(session));
      return session;
    },
    async save({ id, basket, turns, thread }) {
      const data: Kept = { basket: [...basket], turns, thread };
      const known = await store.get({ ...OURS, id });
      // Put in anew, the list of all is in the order of their last change.
      await store.write([{ delete: { ...OURS, id } }, { insert: { ...OURS, id, createdAt: now(), data } }]);
      if (!known) await forgetIdle();
    },
  };
}

function sessionOf({ id, data }: StoredRecord): Session {
  const { basket, turns, thread } = data as Kept;
  return { id, basket: new Map(basket), turns, thread, answering: null };
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
