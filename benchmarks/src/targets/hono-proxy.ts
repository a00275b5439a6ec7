import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { port, upstreamOrigin } from "./environment.ts";

const app = new Hono().all("/v1/*", (c) => proxy(upstreamOrigin + c.req.path, c.req));
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
