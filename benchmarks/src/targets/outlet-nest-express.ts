import "reflect-metadata";
import "./without-swagger.ts";
import { NestFactory } from "@nestjs/core";
import { OutletModule } from "@outlet/nestjs";
import { port } from "./environment.ts";
import { outletOptions } from "./outlet-options.ts";

const app = await NestFactory.create(OutletModule.forRoot({ path: "v1", ...outletOptions }), { logger: false });
await app.listen(port, "127.0.0.1");
