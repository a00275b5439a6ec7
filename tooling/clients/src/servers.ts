import "reflect-metadata";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type INestApplication, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import type { OutletOptions } from "@outlet/core";
import { outlet as expressOutlet } from "@outlet/express";
import { outlet as honoOutlet } from "@outlet/hono";
import { OutletModule } from "@outlet/nestjs";
import express from "express";
import { Hono } from "hono";

/** What the three adapters have in common: `authenticate` sees each framework's own request, and is left out. */
export type ServedOptions = Omit<OutletOptions, "authenticate">;

export interface Server {
  readonly baseURL: string;
  close(): Promise<void>;
}

export interface Framework {
  readonly name: string;
  serve(options: ServedOptions): Promise<Server>;
}

export const frameworks: readonly Framework[] = [
  {
    name: "Express 5",
    serve(options) {
      const api = expressOutlet(options);
      return listen(express().use("/v1", api), () => api.outlet.close({ graceMs: 0 }));
    },
  },
  {
    name: "Hono",
    serve(options) {
      const api = honoOutlet(options);
      const app = new Hono().route("/v1", api);
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
      return listen(listener, () => api.outlet.close({ graceMs: 0 }));
    },
  },
  {
    name: "Nest",
    async serve(options) {
      class AppModule {}
      Module({ imports: [OutletModule.forRoot({ ...options, path: "v1", graceMs: 0 })] })(AppModule);
      const app: INestApplication = await NestFactory.create(AppModule, new ExpressAdapter(), {
        logger: false,
        abortOnError: false,
      });
      await app.listen(0, "127.0.0.1");
      const server = app.getHttpServer();
      return {
        baseURL: urlOf(server.address()),
        async close() {
          server.closeAllConnections();
          await app.close();
        },
      };
    },
  },
];

async function listen(listener: RequestListener, onClose: () => Promise<void>): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: urlOf(server.address() as AddressInfo),
    async close() {
      await onClose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function urlOf({ port }: AddressInfo): string {
  return `http://127.0.0.1:${port}/v1`;
}
