import { parsed } from "../../../engine/forwarded-reply.ts";
import { newBytes } from "../../../http/bytes.ts";
import { latin1 } from "../../../http/latin1.ts";

const utf8 = new TextDecoder();
const encoder = new TextEncoder();
const LINE_FEED = 0x0a;
const ID = /"id"\s*:\s*"([\w.:-]+)"/;
/** The same where nearly every reply has it. Further behind, it may be another object's. */
const ID_IN_FRONT = /^\s*\{\s*("id"\s*:\s*"([\w.:-]+)")/;
/** What stands before it there. */
const IN_FRONT = /^ ?\{\s*$/;
/** The beginning of an event that is an object. */
const OBJECT = /(?:^|\n)data: ?\{/g;
const DATA_LINE = /^data:(.*)$/gm;

/** A whole reply under the outlet's id; the rest of it is as it came. */
export function renamedReply(json: string, answer: { readonly id: string }, own: string): string {
  const [, token, id] = ID_IN_FRONT.exec(json) ?? [];
  if (token !== undefined && id === answer.id && json.indexOf(token) === json.lastIndexOf(token)) {
    const at = json.indexOf(token);
    return `${json.slice(0, at)}"id":"${own}"${json.slice(at + token.length)}`;
  }
  return JSON.stringify({ ...answer, id: own });
}

/**
 * Gives an upstream's events the outlet's id: far sides give one id to several answers, and what is stored is found by it. In nearly
 * every event it stands as it stood in the first one, and is exchanged among the bytes; any other event is written anew.
 */
export function renamingEvents(own: string): (events: Uint8Array) => Uint8Array {
  const ownToken = `"id":"${own}"`;
  const ownBytes = encoder.encode(ownToken);
  let token: string | null = null;
  let head: Head | null = null;

  const rewritten = (events: Uint8Array): Uint8Array => {
    const text = utf8.decode(events).replace(DATA_LINE, (line, data: string) => {
      if (!data.trimStart().startsWith("{")) return line;
      const event = parsed<{ id?: unknown; error?: unknown }>(data);
      if (event.error) return line;
      const found = ID.exec(data);
      if (found && found[1] === event.id) {
        token = found[0];
        head = headOf(data, token, ownToken);
      }
      return `data: ${JSON.stringify({ ...event, id: own })}`;
    });
    return encoder.encode(text);
  };

  return (events) => {
    if (token === null) return rewritten(events);
    if (head !== null && isOneUnder(head.theirs, events)) return under(head, events);
    const places = placesOf(token, latin1(events));
    return places ? exchanged(events, places, token.length, ownBytes) : rewritten(events);
  };
}

/** How events begin where their id comes first, and how they begin under the outlet's. */
interface Head {
  readonly theirs: Uint8Array;
  readonly own: Uint8Array;
}

function headOf(data: string, token: string, own: string): Head | null {
  const at = data.indexOf(token);
  const before = data.slice(0, at);
  if (!IN_FRONT.test(before) || data.includes(token, at + 1)) return null;
  return { theirs: encoder.encode(`data:${before}${token}`), own: encoder.encode(`data:${before}${own}`) };
}

/** Whether these bytes are a single event that begins so: nearly all are, and nothing else has to be known of them. */
function isOneUnder(head: Uint8Array, bytes: Uint8Array): boolean {
  if (bytes.length < head.length) return false;
  for (let at = 0; at < head.length; at++) if (bytes[at] !== head[at]) return false;
  return bytes.indexOf(LINE_FEED, head.length) === bytes.length - 2;
}

function under({ theirs, own }: Head, bytes: Uint8Array): Uint8Array {
  const result = newBytes(bytes.length + own.length - theirs.length);
  result.set(own);
  result.set(bytes.subarray(theirs.length), own.length);
  return result;
}

/** Where the id stands, once in each event; `null` where it does not. */
function placesOf(token: string, text: string): readonly number[] | null {
  const places: number[] = [];
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + token.length)) places.push(at);
  // Nearly always one event.
  const events = text.indexOf("data:", 1) < 0 ? Number(/^data: ?\{/.test(text)) : text.match(OBJECT)?.length;
  return places.length > 0 && places.length === events ? places : null;
}

/** The same bytes, with others instead of so many at these places. */
function exchanged(bytes: Uint8Array, places: readonly number[], length: number, by: Uint8Array): Uint8Array {
  const result = newBytes(bytes.length + places.length * (by.length - length));
  let from = 0;
  let to = 0;
  for (const at of places) {
    result.set(bytes.subarray(from, at), to);
    to += at - from;
    result.set(by, to);
    to += by.length;
    from = at + length;
  }
  result.set(bytes.subarray(from), to);
  return result;
}
