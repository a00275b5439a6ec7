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
  let held: Uint8Array = NO_BYTES;
  let events = 0;
  let ended = false;
  try {
    for await (const piece of source) {
      const chunk = typeof piece === "string" ? encoder.encode(piece) : piece;
      const bytes = held.length > 0 ? concatBytes([held, chunk]) : chunk;
      const text = latin1.decode(bytes);
      const end = lastEventEnd(text);
      if (end === 0) {
        if (bytes.length > MAX_EVENT_BYTES) throw engineFailed("The upstream sent an event that is too large.");
        held = bytes;
        continue;
      }
      held = end === bytes.length ? NO_BYTES : bytes.slice(end);
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

const NULL_USAGE = /,\s*"usage":\s*null/g;

function scan(text: string, bytes: Uint8Array, keepUsage: boolean, receipt: Receipt): Scanned {
  const events = countEvents(text);
  const ended = text.includes("[DONE]") && /(?:^|\n)data: ?\[DONE\]/.test(text);
  if (text.includes('"error"') || /"usage":\s*\{/.test(text)) return scanEach(text, bytes, keepUsage, receipt, ended);
  if (keepUsage || !text.includes('"usage"')) return { bytes, events, ended };
  return { bytes: cutOut(bytes, text.matchAll(NULL_USAGE)), events, ended };
}

/** The few chunks that carry usage or an error, event by event. */
function scanEach(text: string, bytes: Uint8Array, keepUsage: boolean, receipt: Receipt, ended: boolean): Scanned {
  const kept: Uint8Array[] = [];
  let events = 0;
  for (let start = 0; start < text.length; ) {
    const end = firstEventEnd(text, start);
    const event = bytes.subarray(start, end);
    const data = parseData(event);
    if (data?.error) {
      receipt.error = engineFailed("The upstream reported an error in its stream.", data.error);
      ended = true;
    }
    if (data?.usage) receipt.usage = meterUsage(data.usage) ?? null;
    events += 1;
    if (keepUsage || !data?.usage)
      kept.push(keepUsage ? event : cutOut(event, text.slice(start, end).matchAll(NULL_USAGE)));
    else if (data.choices?.length)
      kept.push(encoder.encode(`data: ${JSON.stringify({ ...data, usage: undefined })}\n\n`));
    start = end;
  }
  return { bytes: kept.length > 0 ? concatBytes(kept) : NO_BYTES, events, ended };
}

interface EventData {
  error?: unknown;
  usage?: unknown;
  choices?: unknown[];
}

function parseData(event: Uint8Array): EventData | null {
  const text = new TextDecoder().decode(event);
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

function cutOut(bytes: Uint8Array, matches: Iterable<RegExpExecArray>): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let from = 0;
  let length = 0;
  for (const match of matches) {
    out.set(bytes.subarray(from, match.index), length);
    length += match.index - from;
    from = match.index + match[0].length;
  }
  out.set(bytes.subarray(from), length);
  return out.subarray(0, length + bytes.length - from);
}
