import { serve } from "@hono/node-server";
import { outlet } from "@outlet/hono";
import { Hono } from "hono";
import { port } from "./environment.ts";
import { outletOptions } from "./outlet-options.ts";

const app = new Hono().route("/v1", outlet(outletOptions));
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
