import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { type INestApplication, Logger, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { OutletModule } from "@outlet/nestjs";
import type { TableCell } from "../cells.ts";
import { EXPRESS_JSON_GAPS, FASTIFY_GAPS, FASTIFY_PARSER_GAPS, NEST_FILTER_GAPS } from "./gaps.ts";
import { hostAuthenticate } from "./host-authenticate.ts";
import { ALL_GLOBALS, GLOBAL_PREFIX, GLOBALS, type Global } from "./nest-globals.ts";
import { OwnRouteController } from "./nest-own-route.ts";

type Platform = "Express" | "Fastify";

interface Setting {
  platform: Platform;
  globals?: readonly Global[];
  hostBodyParser?: boolean;
}

const PLATFORMS = {
  Express: { adapter: () => new ExpressAdapter(), gaps: {}, parserGaps: EXPRESS_JSON_GAPS },
  Fastify: { adapter: () => new FastifyAdapter(), gaps: FASTIFY_GAPS, parserGaps: FASTIFY_PARSER_GAPS },
};

const platforms = Object.keys(PLATFORMS) as Platform[];

export const nestCells: readonly TableCell[] = [
  ...platforms.flatMap((platform) => [
    cell({ platform }),
    cell({ platform, hostBodyParser: true }),
    cell({ platform, globals: ALL_GLOBALS }),
    cell({ platform, globals: ALL_GLOBALS, hostBodyParser: true }),
    ...ALL_GLOBALS.map((one) => cell({ platform, globals: [one] })),
  ]),
];

function cell({ platform, globals = [], hostBodyParser = false }: Setting): TableCell {
  const { adapter, gaps, parserGaps } = PLATFORMS[platform];
  const prefix = globals.includes("a global prefix") ? `/${GLOBAL_PREFIX}` : "";
  const name = [`Nest on ${platform}`, `${prefix}/v1`];
  if (hostBodyParser) name.push("after its parsers");
  if (globals.length > 0) name.push(`with ${globals.join(", ")}`);
  return {
    name: name.join(" · "),
    variant: globals.length > 0 || hostBodyParser,
    gaps: {
      ...(hostBodyParser ? parserGaps : gaps),
      ...(globals.includes("an exception filter") && NEST_FILTER_GAPS),
    },
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
        controllers: [OwnRouteController],
      })(AppModule);
      const app: INestApplication = await NestFactory.create(AppModule, adapter(), {
        logger: false,
        abortOnError: false,
      });
      // Nest keeps one logger for all applications of a process.
      Logger.overrideLogger(false);
      for (const one of globals) GLOBALS[one](app);
      await app.listen(0, "127.0.0.1");
      const server = app.getHttpServer();
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return {
        baseURL: `${origin}${prefix}/v1`,
        ownRoute: `${origin}${prefix}/own/route`,
        async close() {
          server.closeAllConnections();
          await app.close();
        },
      };
    },
  };
}
