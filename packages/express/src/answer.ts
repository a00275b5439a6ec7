import type { Exchange, Reply } from "@outlet/core";
import { answerNodeRequest } from "@outlet/core/node";
import type { NextFunction, Request, Response } from "express";

/**
 * Answers one request with what `reply` makes of it. Nothing that fails here becomes an unhandled rejection: before
 * there is a reply it is the app's to deal with, afterwards the connection is all there is to end.
 */
export function answer(
  req: Request,
  res: Response,
  next: NextFunction,
  reply: (exchange: Exchange) => Promise<Reply>,
): void {
  answerNodeRequest(req, res, reply).catch((error: unknown) => {
    if (res.headersSent) res.destroy();
    else next(error);
  });
}

/** The path that Express left after it took the mount point off, without the query. */
export function pathBelowMount(req: Request): string {
  return req.url.split("?", 1)[0] as string;
}
