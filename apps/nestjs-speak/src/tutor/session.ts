import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";

export const SESSION_COOKIE = "speak";
const PATH = "/api";

/** Ids are made here and never taken over from a client, so nobody can be handed a lesson that somebody else can read. */
export function newSessionId(): string {
  return randomBytes(24).toString("base64url");
}

export function sessionId({ headers }: Request): string | undefined {
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=");
    if (name === SESSION_COOKIE) return value;
  }
  return undefined;
}

export function setSessionCookie(request: Request, response: Response, id: string): void {
  response.cookie(SESSION_COOKIE, id, { httpOnly: true, sameSite: "strict", secure: request.secure, path: PATH });
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(SESSION_COOKIE, { path: PATH });
}
