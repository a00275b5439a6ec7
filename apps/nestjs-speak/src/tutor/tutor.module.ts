import { Module } from "@nestjs/common";
import { ApiModule } from "../api/api.module.ts";
import { LessonController } from "./lesson.controller.ts";
import { LessonsService, Limits } from "./lessons.service.ts";
import { TurnService } from "./turn.service.ts";
import { TutorController } from "./tutor.controller.ts";
import { TutorService } from "./tutor.service.ts";

@Module({
  imports: [ApiModule],
  controllers: [LessonController, TutorController],
  providers: [LessonsService, Limits, TurnService, TutorService],
})
export class TutorModule {}
