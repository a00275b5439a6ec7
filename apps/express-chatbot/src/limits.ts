/** How much of a conversation is remembered, and how long its messages may be. */
export interface Limits {
  /** Messages kept of one conversation, questions and answers; the oldest go first. */
  maxMessages: number;
  /** UTF-8 bytes kept of one conversation; the oldest messages go first. */
  maxConversationBytes: number;
  /** UTF-8 bytes of one question; more is refused. */
  maxQuestionBytes: number;
  /** Tokens of one answer; it is cut there. The API takes 16 or more. */
  maxAnswerTokens: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxMessages: 60,
  maxConversationBytes: 128 * 1024,
  maxQuestionBytes: 32 * 1024,
  maxAnswerTokens: 4_096,
};
