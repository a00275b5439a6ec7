import { latin1 } from "../http/latin1.ts";

/** Is told what events say, in their order. */
export interface EventsReader {
  /** Of events that say what `chunk` says, which is one of them, but for their text: all of that, put together. */
  alike(chunk: object, content: string): void;
  /** Of any others. */
  others(events: string): void;
}

interface Kind {
  readonly chunk: object;
  /** What stands around the strings that differ, of which the first is the text. */
  readonly parts: readonly string[];
  /** What stands between the texts of two that follow each other, where the text alone differs. */
  readonly between: string | null;
}

/** Strings that may differ: what a choice says, and what the far side adds against those who measure the length of events. */
const DIFFERENT = /"(?:content|obfuscation)":\s*"([^"\\]*)"/g;
/** Stands for what was said while a kind is put to the test. */
const SAMPLE = "\u2603";
/** An answer begins with an event of another kind. Where so many are each of their own, so are the others. */
const MOST_KINDS = 4;
/** What stands for something else in JSON, or may not stand in it. */
const ESCAPED = /\\|[^ -\uffff]/;
/** What ends a string, stands for something else in it, or is of more than one byte. */
const NOT_PLAIN = /["\\]|[^ -~]/;
const NOT_ASCII = /[\u0080-\uffff]/;

/** A mark at the beginning of a text is a part of it; at the beginning of events, it is none of theirs. */
const textOf = new TextDecoder("utf-8", { ignoreBOM: true });
const eventsOf = new TextDecoder();

/**
 * Knows an event by another that was read as JSON: nearly all events of an answer differ in their text alone, and to compare them
 * takes a fraction of the time that parsing does. https://platform.openai.com/docs/api-reference/chat-streaming/streaming
 */
export class RepeatedEvents {
  private kind: Kind | null = null;
  private kindsLeft = MOST_KINDS;

  /** Reads whole events. */
  read(bytes: Uint8Array, reader: EventsReader): void {
    const text = latin1(bytes);
    let at = 0;
    // It looks through all of the rest, so that it is tried once.
    let plain = true;
    while (at < text.length) {
      const { kind } = this;
      let run: Run | null = null;
      if (kind && plain && isOfKind(kind, text, at)) {
        plain = false;
        run = plainRunAt(at, kind, text);
      }
      if (kind) run ??= runAt(at, kind, text, bytes);
      if (run && run.end > at) {
        // What follows once is followed by many: what is looked for is known.
        this.kindsLeft = 0;
        reader.alike(run.chunk, run.content);
        at = run.end;
      } else {
        const end = this.kindsLeft > 0 ? endOfEvent(text, at) : this.nextOfKind(text, at);
        const events = eventsOf.decode(bytes.subarray(at, end));
        reader.others(events);
        if (this.kindsLeft > 0) this.learn(events);
        at = end;
      }
    }
  }

  private learn(event: string): void {
    this.kindsLeft -= 1;
    this.kind = kindOf(event) ?? this.kind;
  }

  /** Those that are none of the kind are read together. */
  private nextOfKind(text: string, from: number): number {
    const head = this.kind?.parts[0];
    const next = head === undefined ? -1 : text.indexOf(`\n\n${head}`, from);
    return next < 0 ? text.length : next + 2;
  }
}

function endOfEvent(text: string, from: number): number {
  const end = text.indexOf("\n\n", from);
  return end < 0 ? text.length : end + 2;
}

interface Run {
  readonly chunk: object;
  readonly content: string;
  readonly end: number;
}

function isOfKind({ parts }: Kind, text: string, at: number): boolean {
  return text.startsWith(parts[0] as string, at);
}

/** The same where they bring plain letters: all are looked for at once, which takes a third of the time. */
function plainRunAt(from: number, { chunk, parts, between }: Kind, text: string): Run | null {
  if (between === null) return null;
  const [head, tail] = parts as [string, string];
  const said = text.slice(from + head.length).split(between);
  const last = said.pop() as string;
  const content = said.join("") + last.slice(0, Math.max(0, last.indexOf(tail)));
  if (!last.includes(tail) || NOT_PLAIN.test(content)) return null;
  return { chunk, content, end: from + content.length + (said.length + 1) * (head.length + tail.length) };
}

/** As many events of a kind as follow each other. */
function runAt(from: number, { chunk, parts }: Kind, text: string, bytes: Uint8Array): Run {
  let content = "";
  let end = from;
  for (let event = eventAt(from, parts, text); event !== null; event = eventAt(end, parts, text)) {
    const { said } = event;
    const begin = end + (parts[0] as string).length;
    content += NOT_ASCII.test(said) ? textOf.decode(bytes.subarray(begin, begin + said.length)) : said;
    end = event.end;
  }
  return { chunk, content, end };
}

function eventAt(from: number, parts: readonly string[], text: string): { said: string; end: number } | null {
  let said = "";
  let at = from;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] as string;
    if (!text.startsWith(part, at)) return null;
    at += part.length;
    if (i === parts.length - 1) break;
    const quote = text.indexOf('"', at);
    const string = text.slice(at, quote);
    if (quote < 0 || ESCAPED.test(string)) return null;
    if (i === 0) said = string;
    at = quote;
  }
  return { said, end: at };
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: Readonly<Record<string, unknown>>; readonly logprobs?: unknown }[];
  readonly usage?: unknown;
}

/** What can be told of a single event: `null` where it brings anything but one choice's text. */
function kindOf(event: string): Kind | null {
  const chunk = chunkIn(event);
  const [choice] = chunk?.choices ?? [];
  if (!chunk || !choice?.delta || choice.logprobs || chunk.usage) return null;
  const { content, role: _, refusal = null, ...more } = choice.delta;
  if (typeof content !== "string" || refusal !== null || Object.keys(more).length > 0) return null;
  const parts: string[] = [];
  let from = 0;
  for (const match of event.matchAll(DIFFERENT)) {
    const to = match.index + match[0].length - 1;
    parts.push(event.slice(from, to - (match[1] as string).length));
    from = to;
  }
  parts.push(event.slice(from));
  // That the first string is the choice's, and the only one, shows when it is exchanged and the others are taken out.
  const [head = "", ...rest] = parts;
  const exchanged = chunkIn(`${head}${SAMPLE}${rest.join("")}`);
  const expected = { ...chunk, choices: [{ ...choice, delta: { ...choice.delta, content: SAMPLE } }] };
  if (rest.length === 0 || NOT_ASCII.test(parts.join(""))) return null;
  if (!exchanged || !sameButObfuscation(exchanged, expected)) return null;
  return { chunk, parts, between: rest.length === 1 ? `${rest[0]}${head}` : null };
}

function chunkIn(event: string): Chunk | null {
  const data = /^data:([^\n]*)\n\n$/.exec(event)?.[1];
  if (data === undefined) return null;
  try {
    const value = JSON.parse(data);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function sameButObfuscation(one: object, other: object): boolean {
  return JSON.stringify({ ...one, obfuscation: "" }) === JSON.stringify({ ...other, obfuscation: "" });
}
