import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { port } from "./environment.ts";

const app = new Hono().post("/v1/chat/completions", (context) => context.json({}));
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
