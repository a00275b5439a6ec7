import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Session, Sessions } from "./sessions.ts";

const COOKIE = "shop";
/** Characters of an id, and some more. */
const MAX_ID = 64;

/** The visitor's session: found by the cookie, or made when there is something to remember. */
export interface Visit {
  current(c: Context): Promise<Session | undefined>;
  open(c: Context): Promise<Session>;
  /** Keeps what has changed in a session. */
  keep(session: Session): Promise<void>;
}

/** @param secure sends the cookie over HTTPS only */
export function createVisits(sessions: Sessions, secure: boolean): Visit {
  const current = async (c: Context) => {
    const id = getCookie(c, COOKIE);
    return id === undefined || id.length > MAX_ID ? undefined : sessions.find(id);
  };
  return {
    current,
    // An id that this server does not know is never taken over from the client: ids are made here, so nobody can be
    // handed a basket that somebody else can look into.
    async open(c) {
      const known = await current(c);
      if (known) return known;
      const id = randomBytes(24).toString("base64url");
      setCookie(c, COOKIE, id, { httpOnly: true, sameSite: "Strict", secure, path: "/api" });
      return sessions.create(id);
    },
    keep: (session) => sessions.save(session),
  };
}
