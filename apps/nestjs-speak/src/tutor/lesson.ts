import type { Correction } from "./correction.schema.ts";
import { type Level, languageOf } from "./languages.ts";
import type { LessonDto, Message, Word } from "./lesson.schema.ts";

export interface LessonLimits {
  /** Messages kept, of both sides; the oldest go first. */
  readonly maxMessages: number;
  /** Words kept; the oldest go first. */
  readonly maxWords: number;
  /** UTF-16 units of one reply; it is cut there. */
  readonly maxReply: number;
}

export type LearnerMessage = Extract<Message, { from: "learner" }>;
export type TutorMessage = Extract<Message, { from: "tutor" }>;

/** How often in a row a word has to be known to count as learnt. */
const LEARNT = 3;

/** One learner's conversation, and the words that came up in it. */
export class Lesson {
  messages: Message[];
  readonly words: Word[] = [];
  /** Stops the turn under way; null when there is none. */
  answering: AbortController | null = null;

  constructor(
    readonly language: string,
    readonly level: Level,
    readonly limits: LessonLimits,
  ) {
    this.messages = [{ from: "tutor", text: languageOf(language).opening, stopped: false }];
  }

  add(...messages: Message[]): void {
    this.messages.push(...messages);
    this.messages.splice(0, this.messages.length - this.limits.maxMessages);
  }

  /** As if it had never been said. */
  forget(...messages: Message[]): void {
    this.messages = this.messages.filter((message) => !messages.includes(message));
  }

  /** Keeps what is new; returns that. */
  collect(words: Correction["words"]): Word[] {
    const fresh: Word[] = [];
    for (const { word, meaning } of words) {
      const isKnown = this.words.some((one) => one.word.toLowerCase() === word.toLowerCase());
      if (word.trim() === "" || isKnown) continue;
      const kept = { word: word.slice(0, 120), meaning: meaning.slice(0, 200), known: 0 };
      this.words.push(kept);
      fresh.push(kept);
    }
    this.words.splice(0, this.words.length - this.limits.maxWords);
    return fresh;
  }

  /** Undefined when there is no such word. */
  review(word: string, known: boolean): Word | undefined {
    const found = this.words.find((one) => one.word === word);
    if (found) found.known = known ? Math.min(found.known + 1, LEARNT) : 0;
    return found;
  }

  toDto(): LessonDto {
    return { language: this.language, level: this.level, messages: this.messages, words: this.words };
  }
}
