import { Inject, Injectable } from "@nestjs/common";
import type { StartLessonDto } from "./lesson.schema.ts";
import { Lesson, type LessonLimits } from "./lesson.ts";
import { newSessionId } from "./session.ts";

/** What is remembered, and how much of it. Everything is in memory: a restart forgets. */
@Injectable()
export class Limits implements LessonLimits {
  /** Lessons kept; the one unused for longest goes first. */
  maxLessons = 1_000;
  maxMessages = 80;
  maxWords = 200;
  maxReply = 4_000;
}

@Injectable()
export class LessonsService {
  // A Map remembers the order of insertion: the first entry is the one unused for longest.
  private readonly byId = new Map<string, Lesson>();

  constructor(@Inject(Limits) private readonly limits: Limits) {}

  find(id: string | undefined): Lesson | undefined {
    if (id === undefined) return undefined;
    const lesson = this.byId.get(id);
    if (!lesson) return undefined;
    this.byId.delete(id);
    this.byId.set(id, lesson);
    return lesson;
  }

  start({ language, level }: StartLessonDto): { id: string; lesson: Lesson } {
    const id = newSessionId();
    const lesson = new Lesson(language, level, this.limits);
    this.byId.set(id, lesson);
    for (const oldest of this.byId.keys()) {
      if (this.byId.size <= this.limits.maxLessons) break;
      this.end(oldest);
    }
    return { id, lesson };
  }

  end(id: string | undefined): void {
    if (id === undefined) return;
    this.byId.get(id)?.answering?.abort();
    this.byId.delete(id);
  }
}
