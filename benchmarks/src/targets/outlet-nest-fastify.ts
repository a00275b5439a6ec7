import "reflect-metadata";
import "./without-swagger.ts";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { OutletModule } from "@outlet/nestjs";
import { port } from "./environment.ts";
import { outletOptions } from "./outlet-options.ts";

const module = OutletModule.forRoot({ path: "v1", ...outletOptions });
const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
await app.listen(port, "127.0.0.1");
