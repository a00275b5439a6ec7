import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import type { Conversation, Conversations } from "./conversations.ts";

const COOKIE = "chat";

/** The browser's conversation, if it has one that is still remembered. */
export function currentConversation(req: Request, conversations: Conversations): Conversation | undefined {
  const id = sessionId(req);
  return id === undefined ? undefined : conversations.find(id);
}

/**
 * The browser's conversation, or a new one. An id that this server does not know is never taken over from the client:
 * ids are made here, so nobody can be handed a conversation that somebody else can read.
 */
export function openConversation(req: Request, res: Response, conversations: Conversations): Conversation {
  const known = currentConversation(req, conversations);
  if (known) return known;
  const id = randomBytes(24).toString("base64url");
  res.cookie(COOKIE, id, { httpOnly: true, sameSite: "strict", secure: req.secure, path: "/api" });
  return conversations.create(id);
}

export function endConversation(req: Request, res: Response, conversations: Conversations): void {
  const id = sessionId(req);
  if (id !== undefined) conversations.remove(id);
  res.clearCookie(COOKIE, { path: "/api" });
}

function sessionId(req: Request): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === COOKIE) return value;
  }
  return undefined;
}
