import type { Hono } from "hono";
import { remoteApp } from "./guest.ts";
import type { Setup } from "./wire.ts";

/** What a worker's module gets from the runtime; `waitUntil` is that of `cloudflare:workers`. */
interface Surroundings {
  env: { SETUP: string };
  context: Parameters<Hono["fetch"]>[2];
  waitUntil: (work: Promise<unknown>) => void;
}

let app: Hono | undefined;

/** Answers one request; the app is made with the first. */
export function serve(request: Request, { env, context, waitUntil }: Surroundings): Response | Promise<Response> {
  app ??= remoteApp(JSON.parse(env.SETUP) as Setup, waitUntil);
  return app.fetch(request, env, context);
}
