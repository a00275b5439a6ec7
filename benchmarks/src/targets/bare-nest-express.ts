import { NestFactory } from "@nestjs/core";
import { BareModule } from "./bare-nest-module.ts";
import { port } from "./environment.ts";

const app = await NestFactory.create(BareModule, { logger: false });
await app.listen(port, "127.0.0.1");
