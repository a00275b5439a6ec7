/** What is remembered, and how much of it. Everything is in memory: a restart forgets. */
export interface Limits {
  /** Conversations kept; the one unused for longest goes first. */
  maxConversations: number;
  /** Messages kept of one conversation, questions and answers; the oldest go first. */
  maxMessages: number;
  /** UTF-8 bytes kept of one conversation; the oldest messages go first. */
  maxConversationBytes: number;
  /** UTF-8 bytes of one question; more is refused. */
  maxQuestionBytes: number;
  /** UTF-8 bytes of one answer; it is cut there. */
  maxAnswerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxConversations: 1_000,
  maxMessages: 60,
  maxConversationBytes: 128 * 1024,
  maxQuestionBytes: 32 * 1024,
  maxAnswerBytes: 64 * 1024,
};

export interface Message {
  role: "user" | "assistant";
  content: string;
  /** The person stopped this answer before its end. */
  stopped?: boolean;
}

export interface Conversation {
  readonly messages: Message[];
  /** Stops the answer under way; null when there is none. */
  answering: AbortController | null;
}

export interface Conversations {
  find(id: string): Conversation | undefined;
  create(id: string): Conversation;
  remove(id: string): void;
  readonly size: number;
}

export function createConversations(limits: Limits): Conversations {
  // A Map remembers the order of insertion: the first entry is the one unused for longest.
  const byId = new Map<string, Conversation>();
  const remove = (id: string) => {
    byId.get(id)?.answering?.abort();
    byId.delete(id);
  };
  return {
    find(id) {
      const conversation = byId.get(id);
      if (conversation) {
        byId.delete(id);
        byId.set(id, conversation);
      }
      return conversation;
    },
    create(id) {
      const conversation: Conversation = { messages: [], answering: null };
      byId.set(id, conversation);
      for (const oldest of byId.keys()) {
        if (byId.size <= limits.maxConversations) break;
        remove(oldest);
      }
      return conversation;
    },
    remove,
    get size() {
      return byId.size;
    },
  };
}

/** Forgets the oldest turns until the conversation fits; the newest turn always stays. */
export function trim({ messages }: Conversation, limits: Limits): void {
  let bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  while (messages.length > limits.maxMessages || bytes > limits.maxConversationBytes) {
    const nextTurn = messages.findIndex(({ role }, index) => index > 0 && role === "user");
    if (nextTurn < 0) return;
    for (const { content } of messages.splice(0, nextTurn)) bytes -= Buffer.byteLength(content);
  }
}
