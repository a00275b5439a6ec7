import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from "@nestjs/common";
import { ApiBadRequestResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from "@nestjs/swagger";
import type { Request, Response } from "express";
import { Upstream } from "../api/upstream.ts";
import { LANGUAGES, LEVELS } from "./languages.ts";
import { type DeskDto, deskSchema, type StartLessonDto, startLessonSchema } from "./lesson.schema.ts";
import type { Lesson } from "./lesson.ts";
import { LessonsService } from "./lessons.service.ts";
import { clearSessionCookie, sessionId, setSessionCookie } from "./session.ts";

/** What can be learned, and this browser's lesson. Open to everybody. */
@ApiTags("Lesson")
@Controller("api/lesson")
export class LessonController {
  constructor(
    @Inject(LessonsService) private readonly lessons: LessonsService,
    @Inject(Upstream) private readonly upstream: Upstream,
  ) {}

  @Get()
  @ApiOperation({ operationId: "getLesson", summary: "What is taught, and the lesson under way", security: [] })
  @ApiOkResponse({ description: "`lesson` is null where none has begun.", standardSchema: deskSchema })
  get(@Req() request: Request): DeskDto {
    return this.desk(this.lessons.find(sessionId(request)));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: "startLesson", summary: "Begin a lesson; the one before it is forgotten", security: [] })
  @ApiOkResponse({ description: "The session's cookie comes along.", standardSchema: deskSchema })
  @ApiBadRequestResponse({ description: "No such language or level." })
  start(
    @Body({ schema: startLessonSchema }) body: StartLessonDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): DeskDto {
    this.lessons.end(sessionId(request));
    const { id, lesson } = this.lessons.start(body);
    setSessionCookie(request, response, id);
    return this.desk(lesson);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ operationId: "endLesson", summary: "Forget the lesson and its words", security: [] })
  @ApiNoContentResponse({ description: "Forgotten." })
  end(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    this.lessons.end(sessionId(request));
    clearSessionCookie(response);
  }

  private desk(lesson: Lesson | undefined): DeskDto {
    return {
      languages: LANGUAGES.map(({ opening: _, ...language }) => language),
      levels: LEVELS.map((level) => ({ ...level })),
      model: this.upstream.model,
      mock: this.upstream.isMock,
      lesson: lesson?.toDto() ?? null,
    };
  }
}
