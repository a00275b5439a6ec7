import type { TokenLogprob } from "@outlet/core";
import { hash } from "../hash.ts";
import type { Encoding } from "../tokens/encoding.ts";

// A mock has no probabilities. These are made up: high for what was said, falling for made-up alternatives, together
// never above 1, and the same every time.

const ALTERNATIVES = [
  " the",
  " a",
  " is",
  " and",
  " it",
  " that",
  " of",
  " to",
  " in",
  " for",
  ".",
  ",",
  " not",
  " be",
];
const OTHERS = [" with", " on", " as", " this", " can", " will", " are", " you", " we", " so"];
const POOL = [...ALTERNATIVES, ...OTHERS];
const utf8 = new TextEncoder();
const escapes = new TextDecoder("utf-8", { fatal: true });

/** Log probability of the token at a position. */
export function logprobOf(token: number, position: number): number {
  const doubt = (hash(`${token}:${position}`) % 10_000) / 10_000;
  return rounded(Math.log(1 - 0.6 * doubt ** 3));
}

/** Other tokens that could have stood there, likeliest first. */
export function alternativesTo(token: number, text: string, position: number, count: number): [string, number][] {
  let rest = (1 - Math.exp(logprobOf(token, position))) / 2;
  const start = hash(`${token}`, position);
  const found: [string, number][] = [];
  for (let i = 0; found.length < count && i < POOL.length; i++) {
    const other = POOL[(start + i * 7) % POOL.length] as string;
    if (other === text || found.some(([known]) => known === other)) continue;
    found.push([other, rounded(Math.log(Math.max(rest, 1e-9)))]);
    rest /= 2;
  }
  return found;
}

export function tokenLogprob(token: number, position: number, top: number, encoding: Encoding): TokenLogprob {
  const bytes = [...encoding.bytesOf(token)];
  const text = tokenText(token, encoding);
  const logprob = logprobOf(token, position);
  const own = { token: text, bytes, logprob };
  const others = alternativesTo(token, text, position, Math.max(0, top - 1)).map(([other, probability]) => ({
    token: other,
    bytes: [...utf8.encode(other)],
    logprob: probability,
  }));
  return { ...own, top_logprobs: top > 0 ? [own, ...others] : [] };
}

/** A token's text; bytes that are no whole characters are written as `\xf0`, as the API does. */
export function tokenText(token: number, encoding: Encoding): string {
  const whole = encoding.textOf(token);
  if (whole !== undefined) return whole;
  const bytes = encoding.bytesOf(token);
  try {
    return escapes.decode(bytes);
  } catch {
    return `bytes:${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}`;
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
