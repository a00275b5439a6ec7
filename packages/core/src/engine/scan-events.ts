import type { Receipt } from "../call.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { concatBytes } from "../http/bytes.ts";
import { meterUsage } from "../ledger/usage.ts";

const NO_BYTES = new Uint8Array(0);
const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
/** How what is worth a closer look begins: `"usage"`, `"error"` and `[DONE]`. A string's own quotes are escaped, but may look the same. */
const [U, S, E, R, D, O] = new TextEncoder().encode("userDO");
const [LOWER_D, A, T, , COLON] = new TextEncoder().encode("data:");

/** True when the bytes end where an event does, as nearly all servers end theirs. */
export function endsEvent(bytes: Uint8Array): boolean {
  const { length } = bytes;
  return length > 1 && bytes[length - 1] === LINE_FEED && bytes[length - 2] === LINE_FEED;
}

/**
 * How many events these are, if none of them can tell of usage, an error or the end; -1 if one may. Most bring a token and nothing
 * else, and are looked at once, as the bytes they are: to make a string of them takes longer.
 */
export function plainEvents(bytes: Uint8Array): number {
  // Nothing of what is looked for is shorter: no look goes beyond the end.
  const last = bytes.length - 6;
  let events = last >= 0 && beginsData(bytes, 0) ? 1 : 0;
  for (let at = 0; at <= last; at++) {
    const byte = bytes[at];
    if (byte === LINE_FEED) {
      if (beginsData(bytes, at + 1)) events += 1;
    } else if (byte === QUOTE) {
      const next = bytes[at + 1];
      if ((next === U && bytes[at + 2] === S) || (next === E && bytes[at + 2] === R)) return -1;
    } else if (byte === OPEN_BRACKET && bytes[at + 1] === D && bytes[at + 2] === O) return -1;
  }
  return events;
}

function beginsData(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === LOWER_D &&
    bytes[at + 1] === A &&
    bytes[at + 2] === T &&
    bytes[at + 3] === A &&
    bytes[at + 4] === COLON
  );
}

interface Scanned {
  bytes: Uint8Array;
  events: number;
  ended: boolean;
}

/** A range of bytes, end exclusive. */
type Cut = readonly [from: number, to: number];

const NULL_USAGE = /,\s*"usage":\s*null/g;
/** What makes an event worth parsing. Bare quotes cannot stand inside a JSON string, so neither is ever content. */
const TELLING = /"usage":\s*\{|"error":/g;
const USAGE_OBJECT = /,\s*"usage":\s*\{(?:[^{}]|\{[^{}]*\})*\}/;

/** Reads usage, errors and the end out of whole events, and takes usage out of them that was not asked for. */
export function scanEvents(text: string, bytes: Uint8Array, keepUsage: boolean, receipt: Receipt): Scanned {
  const cuts: Cut[] = [];
  let ended = text.includes("[DONE]") && /(?:^|\n)data: ?\[DONE\]/.test(text);
  if (!keepUsage) {
    for (const { index, 0: found } of text.matchAll(NULL_USAGE)) cuts.push([index, index + found.length]);
  }
  let read = 0;
  for (const { index } of text.matchAll(TELLING)) {
    if (index < read) continue;
    const from = lastEventEnd(text.slice(0, index));
    read = firstEventEnd(text, index);
    const data = parseData(bytes.subarray(from, read));
    if (data?.error) {
      receipt.error = engineFailed("The upstream reported an error in its stream.", data.error);
      ended = true;
    }
    if (!data?.usage) continue;
    receipt.usage = meterUsage(data.usage) ?? null;
    if (!keepUsage) cuts.push(usageCut(text, from, read, data));
  }
  return { bytes: cuts.length > 0 ? cutOut(bytes, cuts) : bytes, events: countEvents(text), ended };
}

/** The whole event, when usage is all it brings; else only its usage. */
function usageCut(text: string, from: number, to: number, data: EventData): Cut {
  const found = data.choices?.length ? USAGE_OBJECT.exec(text.slice(from, to)) : null;
  return found ? [from + found.index, from + found.index + found[0].length] : [from, to];
}

interface EventData {
  error?: unknown;
  usage?: unknown;
  choices?: unknown[];
}

const utf8 = new TextDecoder();

function parseData(event: Uint8Array): EventData | null {
  const text = utf8.decode(event);
  const data = text.startsWith("data:") ? text.slice(5).trim() : "";
  if (!data.startsWith("{")) return null;
  try {
    return JSON.parse(data) as EventData;
  } catch (cause) {
    throw engineFailed("The upstream sent an event that is not valid JSON.", cause);
  }
}

/** Where the last whole event ends; 0 when there is none. */
export function lastEventEnd(text: string): number {
  const lf = text.lastIndexOf("\n\n") + 2;
  const crlf = text.lastIndexOf("\r\n\r\n") + 4;
  return Math.max(lf === 1 ? 0 : lf, crlf === 3 ? 0 : crlf);
}

function firstEventEnd(text: string, from: number): number {
  const lf = text.indexOf("\n\n", from);
  const crlf = text.indexOf("\r\n\r\n", from);
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4;
  return lf < 0 ? text.length : lf + 2;
}

function countEvents(text: string): number {
  let count = 0;
  for (let at = text.indexOf("data:"); at >= 0; at = text.indexOf("\ndata:", at + 1)) count += 1;
  return count;
}

function cutOut(bytes: Uint8Array, cuts: readonly Cut[]): Uint8Array {
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const [from, to] of cuts.toSorted((a, b) => a[0] - b[0])) {
    if (from > at) kept.push(bytes.subarray(at, from));
    at = Math.max(at, to);
  }
  if (at < bytes.length) kept.push(bytes.subarray(at));
  return kept.length > 0 ? concatBytes(kept) : NO_BYTES;
}
