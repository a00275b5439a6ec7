import type { Receipt } from "../call.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { concatBytes } from "../http/bytes.ts";
import type { ByteStream } from "../http/exchange.ts";
import { meterUsage } from "../ledger/usage.ts";

export interface RelayOptions {
  /** The client asked for usage itself; otherwise what was added for the meter is taken out. */
  keepUsage: boolean;
  /** Size of the request, for an estimate when the stream is cut before its usage arrives. */
  promptBytes: number;
  receipt: Receipt;
}

const MAX_EVENT_BYTES = 8 * 1024 * 1024;
/** Chunks are joined when there are so many of them: each costs a hundred bytes besides its own. */
const MAX_HELD_CHUNKS = 4096;
const BYTES_PER_TOKEN = 4;
const encoder = new TextEncoder();
const NO_BYTES = new Uint8Array(0);

/**
 * Hands on an upstream's event stream in whole events, byte for byte, and reads its usage in passing. A stream that
 * breaks off throws, so that it ends in an error event and never looks complete.
 */
export async function* relayEvents(source: ByteStream, options: RelayOptions): AsyncGenerator<Uint8Array> {
  const { receipt, keepUsage } = options;
  // One character a byte, so positions in the text are positions in the bytes; it is only searched for ASCII.
  const latin1 = new TextDecoder("latin1");
  let held: Uint8Array[] = [];
  let heldSize = 0;
  // An event's end may lie across two chunks: what was held last, to find it in. The rest is not searched again.
  let tail = "";
  let events = 0;
  let ended = false;
  try {
    for await (const piece of source) {
      const chunk = typeof piece === "string" ? encoder.encode(piece) : piece;
      const arrived = latin1.decode(chunk);
      if (lastEventEnd(tail + arrived) === 0) {
        heldSize += chunk.length;
        if (heldSize > MAX_EVENT_BYTES) throw engineFailed("The upstream sent an event that is too large.");
        held.push(chunk);
        if (held.length === MAX_HELD_CHUNKS) held = [concatBytes(held)];
        tail = (tail + arrived).slice(-3);
        continue;
      }
      const bytes = held.length > 0 ? concatBytes([...held, chunk]) : chunk;
      const text = held.length > 0 ? latin1.decode(bytes) : arrived;
      const end = lastEventEnd(text);
      held = end === bytes.length ? [] : [bytes.slice(end)];
      heldSize = bytes.length - end;
      tail = text.slice(Math.max(end, text.length - 3));
      const whole = end === bytes.length ? bytes : bytes.subarray(0, end);
      const scanned = scan(end === bytes.length ? text : text.slice(0, end), whole, keepUsage, receipt);
      events += scanned.events;
      ended ||= scanned.ended;
      receipt.complete = ended && receipt.error === undefined;
      if (scanned.bytes.length > 0) yield scanned.bytes;
    }
    if (!ended) throw engineFailed("The upstream's stream ended before it was complete.");
  } finally {
    receipt.usage ??= {
      input_tokens: Math.ceil(options.promptBytes / BYTES_PER_TOKEN),
      cached_tokens: 0,
      output_tokens: events,
      reasoning_tokens: 0,
      estimated: true,
    };
  }
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

function scan(text: string, bytes: Uint8Array, keepUsage: boolean, receipt: Receipt): Scanned {
  const cuts: Cut[] = [];
  let ended = text.includes("[DONE]") && /(?:^|\n)data: ?\[DONE\]/.test(text);
  if (!keepUsage && text.includes('"usage"')) {
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

function lastEventEnd(text: string): number {
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
