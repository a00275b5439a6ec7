import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  UnauthorizedException,
} from "@nestjs/common";
import type { Request } from "express";
import type { Lesson } from "./lesson.ts";
import { LessonsService } from "./lessons.service.ts";
import { sessionId } from "./session.ts";

type LearnersRequest = Request & { lesson?: Lesson };

/** Lets those in who have begun a lesson, and leaves it on the request for `@CurrentLesson()`. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(@Inject(LessonsService) private readonly lessons: LessonsService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<LearnersRequest>();
    const lesson = this.lessons.find(sessionId(request));
    if (!lesson) throw new UnauthorizedException("Your lesson is over. Choose a language to begin another one.");
    request.lesson = lesson;
    return true;
  }
}

export const CurrentLesson = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<LearnersRequest>().lesson,
);
