import type { Correction } from "./correction.schema.ts";
import type { Word } from "./lesson.schema.ts";

/** What the page is told while a turn goes on. */
export type TurnEvent =
  /** A piece of the tutor's reply. */
  | { type: "reply"; text: string }
  /** What was wrong in the learner's message, and which words are new in the list. */
  | { type: "correction"; correction: Correction; words: Word[] }
  /** There will be no correction of this message. */
  | { type: "uncorrected" }
  /** The turn is whole. */
  | { type: "done" }
  /** There is no reply, or no more of it; in words for the learner. */
  | { type: "failed"; message: string };
