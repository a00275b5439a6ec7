import { NEW_THREAD, type Thread } from "../assistant/thread.ts";
import type { Basket } from "../basket/basket.ts";

/** What is remembered, and how much of it. Everything is in memory: a restart forgets. */
export interface Limits {
  /** Visitors remembered; the one not seen for longest goes first. */
  maxSessions: number;
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
  maxSessions: 1_000,
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
  readonly basket: Basket;
  /** The conversation, as the page shows it. */
  turns: Turn[];
  /** The same, as the API has it. */
  thread: Thread;
  /** The answer under way; null when there is none. */
  answering: { readonly stop: AbortController; readonly ended: Promise<void> } | null;
}

export interface Sessions {
  find(id: string): Session | undefined;
  create(id: string): Session;
}

export function createSessions({ maxSessions }: Limits): Sessions {
  // A Map remembers the order of insertion: the first entry is the one not seen for longest.
  const byId = new Map<string, Session>();
  return {
    find(id) {
      const session = byId.get(id);
      if (session) {
        byId.delete(id);
        byId.set(id, session);
      }
      return session;
    },
    create(id) {
      const session: Session = { basket: new Map(), turns: [], thread: NEW_THREAD, answering: null };
      byId.set(id, session);
      for (const [oldest, { answering }] of byId) {
        if (byId.size <= maxSessions) break;
        answering?.stop.abort();
        byId.delete(oldest);
      }
      return session;
    },
  };
}
