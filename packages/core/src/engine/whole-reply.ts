import { engineFailed } from "../errors/catalogue.ts";
import { latin1 } from "../http/latin1.ts";
import { type MeteredUsage, meterUsage } from "../ledger/usage.ts";

export interface WholeReply {
  /** Some upstreams send their errors under a 200. */
  readonly isError: boolean;
  readonly usage: MeteredUsage | null;
}

const OPEN_BRACE = 0x7b;
/** Counts stand near a reply's end, after what may be megabytes of vectors: only the tail is read, and nothing rebuilt. */
const TAIL_BYTES = 4096;

/** Reads what the meter needs of a reply that is handed on as it is. */
export function readWholeReply(body: Uint8Array): WholeReply {
  const tail = latin1(body.length > TAIL_BYTES ? body.subarray(-TAIL_BYTES) : body);
  const head = body.length > TAIL_BYTES ? latin1(body.subarray(0, ERROR_HEAD_BYTES)) : tail;
  const isError = showsError(head.slice(0, ERROR_HEAD_BYTES), body);
  return { isError, usage: isError ? null : usageOf(body, tail) };
}

const MAX_ERROR_BYTES = 65_536;
const ERROR_HEAD_BYTES = 256;

function showsError(head: string, body: Uint8Array): boolean {
  if (!head.includes('"error') || body.length > MAX_ERROR_BYTES) return false;
  if (!/"error"\s*:\s*["{]/.test(head)) return false;
  try {
    const { error, choices, data } = JSON.parse(latin1(body)) as Record<string, unknown>;
    return Boolean(error) && choices === undefined && data === undefined;
  } catch {
    return false;
  }
}

const USAGE = /"usage"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/;

function usageOf(body: Uint8Array, tail: string): MeteredUsage | null {
  if (body[0] !== OPEN_BRACE || !endsInBrace(tail)) throw engineFailed("The upstream's reply is not a JSON object.");
  const at = tail.lastIndexOf('"usage"');
  const found = at < 0 ? null : USAGE.exec(tail.slice(at));
  try {
    return (found && meterUsage(JSON.parse(found[1] as string))) ?? null;
  } catch (cause) {
    throw engineFailed("The upstream's reply is not valid JSON.", cause);
  }
}

function endsInBrace(text: string): boolean {
  return text.endsWith("}") || text.trimEnd().endsWith("}");
}
