import type { ForwardReply } from "@outlet/core";

const LONGEST_ASKED_WAIT = 60_000;
const JITTER = 0.25;

/** The official SDK's rule: the upstream's own word first, then the statuses that pass. */
export function isWorthRetrying({ status, headers }: ForwardReply): boolean {
  if (status >= 200 && status <= 299) return false;
  const word = headers["x-should-retry"];
  if (word === "true") return true;
  if (word === "false") return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** Milliseconds to wait before retry `retries + 1`. */
export function retryDelay(
  headers: ForwardReply["headers"] | undefined,
  retries: number,
  { retryBaseMs, retryMaxMs }: { retryBaseMs: number; retryMaxMs: number },
): number {
  const asked = headers && askedWait(headers);
  if (asked !== undefined && asked >= 0 && asked <= LONGEST_ASKED_WAIT) return asked;
  return Math.min(retryBaseMs * 2 ** retries, retryMaxMs) * (1 - Math.random() * JITTER);
}

function askedWait(headers: ForwardReply["headers"]): number | undefined {
  const precise = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (!Number.isNaN(precise)) return precise;
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : wait;
}
