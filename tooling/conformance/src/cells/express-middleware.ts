import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import compression from "compression";
import cors from "cors";
import type { RequestHandler } from "express";
import helmet from "helmet";
import morgan from "morgan";

/** The host's own, which looks something up before it lets a request pass. */
const session: RequestHandler = async (_req, _res, next) => {
  await setImmediate();
  next();
};

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/** What stands in front of an API in many Express apps, at its most meddlesome. */
export const MIDDLEWARE = {
  // Small replies, too: most of the kit's are below the usual threshold.
  compression: () => compression({ threshold: 0 }) as RequestHandler,
  helmet: () => helmet() as RequestHandler,
  cors: () => cors({ origin: true, credentials: true }),
  morgan: () => morgan("combined", { stream: nowhere }) as RequestHandler,
  session: () => session,
} as const;

export type Middleware = keyof typeof MIDDLEWARE;

export const ALL_MIDDLEWARE = Object.keys(MIDDLEWARE) as Middleware[];
