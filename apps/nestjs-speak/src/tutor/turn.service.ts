import { Inject, Injectable, Logger } from "@nestjs/common";
import OpenAI from "openai";
import type { LearnerMessage, Lesson, TutorMessage } from "./lesson.ts";
import type { TurnEvent } from "./turn.events.ts";
import { TutorService } from "./tutor.service.ts";

type Tell = (event: TurnEvent) => void;

/** One turn of a lesson: the learner says something, the tutor replies and corrects, both at once. */
@Injectable()
export class TurnService {
  private readonly logger = new Logger("Turn");

  constructor(@Inject(TutorService) private readonly tutor: TutorService) {}

  /**
   * Resolves when the turn is over, and never rejects: what went wrong is told. A turn that is stopped keeps what was said
   * until then; one whose reply fails leaves no trace, so that saying it again is the same request again.
   */
  async take(lesson: Lesson, text: string, stop: AbortController, tell: Tell): Promise<void> {
    // One turn at a time: a new message, also from another tab, ends the turn before it.
    lesson.answering?.abort();
    lesson.answering = stop;

    const message: LearnerMessage = { from: "learner", text, correction: null };
    const reply: TutorMessage = { from: "tutor", text: "", stopped: false };
    lesson.add(message);
    // Asked for before the reply has a place in the conversation: the message is its end.
    const corrected = this.correct(lesson, message, stop.signal, tell);
    try {
      await this.reply(lesson, reply, stop.signal, tell);
      await corrected;
      if (!stop.signal.aborted) tell({ type: "done" });
    } catch (error) {
      if (stop.signal.aborted) return;
      // Nobody waits for the correction of a message that was never said.
      stop.abort();
      lesson.forget(message, reply);
      this.logger.error(`the reply failed: ${reason(error)}`);
      tell({ type: "failed", message: inPlainWords(error) });
    } finally {
      if (lesson.answering === stop) lesson.answering = null;
    }
  }

  private async reply(lesson: Lesson, reply: TutorMessage, signal: AbortSignal, tell: Tell): Promise<void> {
    const pieces = this.tutor.reply(lesson, signal);
    lesson.add(reply);
    try {
      for await (const text of pieces) {
        reply.text += text;
        tell({ type: "reply", text });
        if (reply.text.length >= lesson.limits.maxReply) return;
      }
    } finally {
      reply.stopped = signal.aborted;
    }
  }

  /** A correction that does not come is told and missed; the conversation goes on without it. */
  private async correct(lesson: Lesson, message: LearnerMessage, signal: AbortSignal, tell: Tell): Promise<void> {
    try {
      const correction = await this.tutor.correct(lesson, signal);
      message.correction = correction;
      tell({ type: "correction", correction, words: lesson.collect(correction.words) });
    } catch (error) {
      if (signal.aborted) return;
      this.logger.error(`the correction failed: ${reason(error)}`);
      tell({ type: "uncorrected" });
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the learner can use; the details are in the log. */
function inPlainWords(error: unknown): string {
  if (error instanceof OpenAI.RateLimitError) return "Your tutor is busy right now. Wait a moment, then try again.";
  if (error instanceof OpenAI.BadRequestError) return "Your tutor could not take this message.";
  if (error instanceof OpenAI.APIError && error.status === undefined) return "The reply broke off.";
  return "Your tutor could not be reached.";
}
