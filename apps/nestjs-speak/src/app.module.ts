import { Module } from "@nestjs/common";
import { ApiModule } from "./api/api.module.ts";
import { ConfigModule } from "./config.module.ts";
import { TutorModule } from "./tutor/tutor.module.ts";

@Module({ imports: [ConfigModule, ApiModule, TutorModule] })
export class AppModule {}
