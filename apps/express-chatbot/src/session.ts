import type { Request, Response } from "express";
import OpenAI from "openai";

const COOKIE = "chat";

/** The id of the browser's conversation, if it has one that the API still knows. */
export async function currentConversation(req: Request, client: OpenAI): Promise<string | undefined> {
  const id = cookieOf(req);
  if (id === undefined) return undefined;
  const known = await client.conversations.retrieve(id).catch(unlessNotFound);
  return known?.id;
}

/**
 * The browser's conversation, or a new one. The cookie is the conversation's id, which the API makes of 128 random bits: whoever
 * has not been given it cannot guess it, and an id that the API does not know is never taken over from the client.
 */
export async function openConversation(req: Request, res: Response, client: OpenAI): Promise<string> {
  const known = await currentConversation(req, client);
  if (known !== undefined) return known;
  const { id } = await client.conversations.create();
  res.cookie(COOKIE, id, { httpOnly: true, sameSite: "strict", secure: req.secure, path: "/api" });
  return id;
}

export function dropCookie(res: Response): void {
  res.clearCookie(COOKIE, { path: "/api" });
}

function cookieOf(req: Request): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const [name, value = ""] = pair.trim().split("=");
    if (name === COOKIE) return /^conv_\w{1,64}$/.test(value) ? value : undefined;
  }
  return undefined;
}

function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof OpenAI.NotFoundError)) throw error;
}
