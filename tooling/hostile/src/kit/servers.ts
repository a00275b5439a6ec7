import "reflect-metadata";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { createOutlet, type OutletOptions } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { outlet as express } from "@outlet/express";
import { outlet as hono } from "@outlet/hono";
import { OutletModule } from "@outlet/nestjs";
import expressApp from "express";
import { Hono } from "hono";

export interface Served {
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

type Options = Pick<OutletOptions, "models"> & Partial<OutletOptions>;

/** Four ways to serve an outlet under `/v1`, each with its host's defaults. */
export const SERVERS: readonly { name: string; serve: (options: Options) => Promise<Served> }[] = [
  {
    name: "node:http",
    serve(options) {
      const outlet = createOutlet({ access: "open", logger: silent, ...options });
      return listen(nodeListener(outlet), () => outlet.close({ graceMs: 0 }));
    },
  },
  {
    name: "Express 5",
    serve(options) {
      const api = express({ access: "open", logger: silent, models: options.models });
      return listen(expressApp().use("/v1", api), () => api.outlet.close({ graceMs: 0 }));
    },
  },
  {
    name: "Hono on Node",
    serve(options) {
      const api = hono({ access: "open", logger: silent, models: options.models });
      const app = new Hono().route("/v1", api);
      return listen(getRequestListener(app.fetch, { overrideGlobalObjects: false }), () =>
        api.outlet.close({ graceMs: 0 }),
      );
    },
  },
  { name: "Nest on Fastify", serve: serveNest },
];

const silent = { error: () => {}, warn: () => {} };

export async function listen(listener: RequestListener, onClose: () => Promise<void>): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    server,
    async close() {
      await onClose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serveNest({ models }: Options): Promise<Served> {
  class AppModule {}
  Module({ imports: [OutletModule.forRoot({ models, access: "open", logger: silent, path: "v1", graceMs: 0 })] })(
    AppModule,
  );
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false, abortOnError: false });
  await app.listen(0, "127.0.0.1");
  const server = app.getHttpServer() as Server;
  return {
    port: (server.address() as AddressInfo).port,
    server,
    async close() {
      server.closeAllConnections();
      await app.close();
    },
  };
}
