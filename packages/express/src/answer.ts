import type { Exchange, Reply } from "@outlet/core";
import { nodeExchange, writeReply } from "@outlet/core/node";
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
  write(req, res, reply).catch((error: unknown) => {
    if (res.headersSent) res.destroy();
    else next(error);
  });
}

async function write(req: Request, res: Response, reply: (exchange: Exchange) => Promise<Reply>): Promise<void> {
  const exchange = nodeExchange(req, res);
  // A response that closes before there is a reply has no reader: the client left while middleware in front was busy,
  // or a timeout of the host's has answered.
  const cancel = () => exchange.cancel();
  if (res.destroyed) cancel();
  res.on("close", cancel);
  const made = await reply(exchange);
  res.off("close", cancel);
  await writeReply(res, made, exchange);
}

/** The path that Express left after it took the mount point off, without the query. */
export function pathBelowMount(req: Request): string {
  return req.url.split("?", 1)[0] as string;
}
