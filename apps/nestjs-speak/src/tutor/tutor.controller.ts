import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  type MessageEvent,
  NotFoundException,
  Post,
  RequestMethod,
  Sse,
  UseGuards,
} from "@nestjs/common";
import {
  ApiBadRequestResponse,
  ApiCookieAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from "@nestjs/swagger";
import { Observable } from "rxjs";
import {
  type ReviewDto,
  reviewSchema,
  type SayingDto,
  sayingSchema,
  type Word,
  wordSchema,
  wordsSchema,
} from "./lesson.schema.ts";
import type { Lesson } from "./lesson.ts";
import { CurrentLesson, SessionGuard } from "./session.guard.ts";
import { TurnService } from "./turn.service.ts";

/** What one does in a lesson; only with one. */
@ApiTags("Lesson")
@ApiCookieAuth("session")
@ApiUnauthorizedResponse({ description: "No lesson has begun." })
@UseGuards(SessionGuard)
@Controller("api/lesson")
export class TutorController {
  constructor(@Inject(TurnService) private readonly turns: TurnService) {}

  @Sse("turns", { method: RequestMethod.POST })
  @HttpCode(200)
  @ApiOperation({ operationId: "takeTurn", summary: "Say something: the reply and the correction come as events" })
  @ApiOkResponse({
    description: "Server-sent events: `reply` (a piece of it), `correction`, `uncorrected`, `done`, `failed`.",
    content: { "text/event-stream": { schema: { type: "string" } } },
  })
  @ApiBadRequestResponse({ description: "Nothing said, or too much." })
  take(@Body({ schema: sayingSchema }) { text }: SayingDto, @CurrentLesson() lesson: Lesson): Observable<MessageEvent> {
    return new Observable((subscriber) => {
      const stop = new AbortController();
      const turn = this.turns.take(lesson, text, stop, ({ type, ...data }) => subscriber.next({ type, data }));
      turn.then(() => subscriber.complete());
      // Nest unsubscribes when the browser leaves; the model stops then, too.
      return () => stop.abort();
    });
  }

  @Get("words")
  @ApiOperation({ operationId: "listWords", summary: "The words of the lesson" })
  @ApiOkResponse({ standardSchema: wordsSchema })
  words(@CurrentLesson() { words }: Lesson): { words: Word[] } {
    return { words };
  }

  @Post("words/reviews")
  @HttpCode(200)
  @ApiOperation({ operationId: "reviewWord", summary: "Tell whether a word was known when practising" })
  @ApiOkResponse({ standardSchema: wordSchema })
  @ApiNotFoundResponse({ description: "No such word in the list." })
  review(@Body({ schema: reviewSchema }) { word, known }: ReviewDto, @CurrentLesson() lesson: Lesson): Word {
    const reviewed = lesson.review(word, known);
    if (!reviewed) throw new NotFoundException("This word is not in the list.");
    return reviewed;
  }
}
