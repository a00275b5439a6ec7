import { pathOf } from "./host/process.ts";
import { type Peer, PORTKEY, portkeyBin } from "./peers.ts";

export interface Target {
  name: string;
  label: string;
  /** What to run; `null` for the upstream itself, without anything in front. */
  launch: ((port: number) => Promise<Launch>) | null;
  /** Headers that its requests need. */
  headers?: (upstreamOrigin: string) => Record<string, string>;
  /** What a user installs for it, beside Node. */
  install?: Install;
  /** The one section that it is measured in; default: all. */
  only?: "start-up";
}

export interface Launch {
  file: string;
  args?: string[];
}

export interface Install {
  /** Folders of this repository's packages. */
  outlet?: string[];
  /** From the registry, in the version this workspace has. */
  packages?: string[];
  peer?: Peer;
}

const own = (name: string) => async () => ({ file: pathOf(`./targets/${name}.ts`, import.meta.url) });
const engine = ["core", "engine-openai"];
const nest = ["@nestjs/common", "@nestjs/core", "reflect-metadata", "rxjs"];
const bare = (framework: string, label: string): Target => ({
  name: `bare-${framework}`,
  label: `${label} alone`,
  launch: own(`bare-${framework}`),
  only: "start-up",
});

/** In the order of the table. */
export const TARGETS: readonly Target[] = [
  { name: "direct", label: "direct, nothing in front", launch: null },
  { name: "pipe", label: "bare `node:http` pipe", launch: own("pipe"), install: {} },
  {
    name: "undici",
    label: "`node:http`, undici's dispatch",
    launch: own("undici"),
    install: { packages: ["undici"] },
  },
  {
    name: "express-proxy",
    label: "Express 5, http-proxy-middleware",
    launch: own("express-proxy"),
    install: { packages: ["express", "http-proxy-middleware"] },
  },
  {
    name: "hono-proxy",
    label: "Hono, `hono/proxy`",
    launch: own("hono-proxy"),
    install: { packages: ["hono", "@hono/node-server"] },
  },
  {
    name: "portkey",
    label: "Portkey gateway",
    launch: async (port) => ({ file: await portkeyBin(), args: [`--port=${port}`, "--headless"] }),
    headers: (upstreamOrigin) => ({
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `${upstreamOrigin}/v1`,
    }),
    install: { peer: PORTKEY },
  },
  {
    name: "outlet-node",
    label: "**outlet**, `node:http`",
    launch: own("outlet-node"),
    install: { outlet: engine },
  },
  {
    name: "outlet-express",
    label: "**outlet**, Express 5",
    launch: own("outlet-express"),
    install: { outlet: [...engine, "express"], packages: ["express"] },
  },
  {
    name: "outlet-hono",
    label: "**outlet**, Hono on Node",
    launch: own("outlet-hono"),
    install: { outlet: [...engine, "hono"], packages: ["hono", "@hono/node-server"] },
  },
  {
    name: "outlet-nest-express",
    label: "**outlet**, NestJS on Express",
    launch: own("outlet-nest-express"),
    install: { outlet: [...engine, "nestjs"], packages: [...nest, "@nestjs/platform-express"] },
  },
  {
    name: "outlet-nest-fastify",
    label: "**outlet**, NestJS on Fastify",
    launch: own("outlet-nest-fastify"),
    install: { outlet: [...engine, "nestjs"], packages: [...nest, "@nestjs/platform-fastify"] },
  },
  bare("express", "Express 5"),
  bare("hono", "Hono on Node"),
  bare("nest-express", "NestJS on Express"),
  bare("nest-fastify", "NestJS on Fastify"),
];
