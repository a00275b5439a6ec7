import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { type INestApplication, Logger, Module } from "@nestjs/common";
import { type AbstractHttpAdapter, NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { OutletModule } from "@outlet/nestjs";
import type { Cell } from "@outlet/testing";
import { EXPRESS_JSON_GAPS, FASTIFY_GAPS, FASTIFY_PARSER_GAPS } from "./gaps.ts";
import { hostAuthenticate } from "./host-authenticate.ts";

export const nestCells: readonly Cell[] = [
  cell("Nest on Express", () => new ExpressAdapter(), false),
  cell("Nest on Express after its parsers", () => new ExpressAdapter(), true, EXPRESS_JSON_GAPS),
  cell("Nest on Fastify", () => new FastifyAdapter(), false, FASTIFY_GAPS),
  cell("Nest on Fastify after its parsers", () => new FastifyAdapter(), true, FASTIFY_PARSER_GAPS),
];

function cell(
  name: string,
  adapter: () => AbstractHttpAdapter,
  hostBodyParser: boolean,
  gaps: Cell["gaps"] = {},
): Cell {
  return {
    name,
    gaps,
    async mount(options) {
      class AppModule {}
      Module({
        imports: [
          OutletModule.forRoot({
            ...options,
            path: "v1",
            hostBodyParser,
            graceMs: 0,
            authenticate: (request) => hostAuthenticate(options, (header) => [request.headers[header]].flat()[0]),
          }),
        ],
      })(AppModule);
      const app: INestApplication = await NestFactory.create(AppModule, adapter(), {
        logger: false,
        abortOnError: false,
      });
      // Nest keeps one logger for all applications of a process.
      Logger.overrideLogger(false);
      await app.listen(0, "127.0.0.1");
      const server = app.getHttpServer();
      return {
        baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
        async close() {
          server.closeAllConnections();
          await app.close();
        },
      };
    },
  };
}
