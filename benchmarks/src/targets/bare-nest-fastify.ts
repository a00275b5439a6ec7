import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { BareModule } from "./bare-nest-module.ts";
import { port } from "./environment.ts";

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(port, "127.0.0.1");
