import type { Receipt } from "../call.ts";
import { errorBody } from "../errors/api-error.ts";
import { engineFailed, requestAborted } from "../errors/catalogue.ts";
import { toApiError } from "../errors/to-api-error.ts";
import { ByteChannel } from "../http/byte-channel.ts";
import { concatBytes } from "../http/bytes.ts";
import type { AbortListener, AbortTarget } from "../http/cancellation.ts";
import type { ByteReader, ByteSource, Piece, PushedStream } from "../http/exchange.ts";
import { latin1 } from "../http/latin1.ts";
import { sseData } from "../http/sse.ts";
import { endsEvent, lastEventEnd, plainEvents, scanEvents } from "./scan-events.ts";

export interface RelayOptions {
  /** The client asked for usage itself; otherwise what was added for the meter is taken out. */
  keepUsage: boolean;
  /** Size of the request, for an estimate when the stream is cut before its usage arrives. */
  promptBytes: number;
  receipt: Receipt;
  cancellation: AbortTarget;
  /** Is given every event as it came, usage included, before it is handed on. */
  witness?: ((events: Uint8Array) => void) | undefined;
}

const MAX_EVENT_BYTES = 8 * 1024 * 1024;
/** Chunks are joined when there are so many of them: each costs a hundred bytes besides its own. */
const MAX_HELD_CHUNKS = 4096;
const BYTES_PER_TOKEN = 4;
const encoder = new TextEncoder();

/**
 * Hands on an upstream's event stream in whole events, byte for byte, and reads its usage in passing. A stream that
 * breaks off ends in an error event and never looks complete; before its first event it fails. It ends with the client, too,
 * whatever the far side makes of that.
 *
 * Bytes are pushed through it in one go, from the socket that they come from to the one that they leave by.
 */
export class EventRelay implements ByteReader, ByteSource, AbortListener {
  /** What the client gets. */
  readonly channel = new ByteChannel(this);
  private readonly source: PushedStream;
  private readonly options: RelayOptions;
  private held: Uint8Array[] = [];
  private heldSize = 0;
  /** An event's end may lie across two chunks: what was held last, to find it in. The rest is not searched again. */
  private tail = "";
  private events = 0;
  private ended = false;
  private over = false;
  private begun = false;
  private first: PromiseWithResolvers<void> | null = null;

  constructor(source: PushedStream, options: RelayOptions) {
    this.source = source;
    this.options = options;
  }

  /** Resolves when there is something for the client; rejects when the stream failed before. */
  begin(): Promise<void> {
    const first = Promise.withResolvers<void>();
    this.first = first;
    const { cancellation } = this.options;
    if (cancellation.aborted) this.handleEvent();
    else {
      cancellation.addEventListener("abort", this);
      this.source.readWith(this);
    }
    return first.promise;
  }

  write(piece: Piece): void {
    if (this.over) return;
    try {
      this.take(typeof piece === "string" ? encoder.encode(piece) : piece);
    } catch (error) {
      this.fail(error);
      this.source.leave();
    }
  }

  end(): void {
    if (this.over) return;
    if (!this.ended) {
      this.fail(engineFailed("The upstream's stream ended before it was complete."));
      return;
    }
    this.finish();
    this.channel.end();
    this.first?.resolve();
  }

  fail(error: unknown): void {
    if (this.over) return;
    this.finish();
    if (!this.begun) {
      this.channel.end();
      this.first?.reject(error);
      return;
    }
    const { receipt, cancellation } = this.options;
    if (!cancellation.aborted) {
      receipt.error = error ?? new TypeError(`${error} was thrown`);
      this.channel.push(sseData(errorBody(toApiError(error, cancellation))));
    }
    this.channel.end();
  }

  /** The client has left. */
  handleEvent(): void {
    if (this.over) return;
    this.channel.discard();
    this.fail(requestAborted());
    this.source.leave();
  }

  pause(): void {
    this.source.pause();
  }

  resume(): void {
    this.source.resume();
  }

  leave(): void {
    if (this.over) return;
    this.finish();
    this.source.leave();
  }

  private finish(): void {
    const { receipt, promptBytes, cancellation } = this.options;
    this.over = true;
    this.held = [];
    cancellation.removeEventListener("abort", this);
    receipt.usage ??= {
      input_tokens: Math.ceil(promptBytes / BYTES_PER_TOKEN),
      cached_tokens: 0,
      output_tokens: this.events,
      reasoning_tokens: 0,
      estimated: true,
    };
  }

  private take(chunk: Uint8Array): void {
    // Nearly always: whole events, and nothing held.
    if (this.held.length === 0 && endsEvent(chunk)) {
      const events = plainEvents(chunk);
      if (events < 0) this.hand(chunk, latin1(chunk));
      else this.pass(chunk, events);
      return;
    }
    const arrived = latin1(chunk);
    if (lastEventEnd(this.tail + arrived) === 0) this.hold(chunk, arrived);
    else if (this.held.length === 0) this.cut(chunk, arrived);
    else {
      const bytes = concatBytes([...this.held, chunk]);
      this.cut(bytes, latin1(bytes));
    }
  }

  /** Hands on what is whole, and holds the rest. */
  private cut(bytes: Uint8Array, text: string): void {
    const end = lastEventEnd(text);
    const rest = bytes.length - end;
    this.held = rest === 0 ? [] : [bytes.slice(end)];
    this.heldSize = rest;
    this.tail = text.slice(Math.max(end, text.length - 3));
    this.hand(bytes.subarray(0, end), text.slice(0, end));
  }

  private hold(chunk: Uint8Array, text: string): void {
    this.heldSize += chunk.length;
    if (this.heldSize > MAX_EVENT_BYTES) throw engineFailed("The upstream sent an event that is too large.");
    this.held.push(chunk);
    if (this.held.length === MAX_HELD_CHUNKS) this.held = [concatBytes(this.held)];
    this.tail = (this.tail + text).slice(-3);
  }

  /** Whole events, which bring what the client asked for and nothing else. */
  private pass(bytes: Uint8Array, events: number): void {
    this.options.witness?.(bytes);
    this.events += events;
    this.push(bytes);
  }

  /** Whole events, of which one may bring usage, an error or the end. */
  private hand(bytes: Uint8Array, text: string): void {
    const { keepUsage, receipt, witness } = this.options;
    witness?.(bytes);
    const scanned = scanEvents(text, bytes, keepUsage, receipt);
    this.events += scanned.events;
    this.ended ||= scanned.ended;
    receipt.complete = this.ended && receipt.error === undefined;
    this.push(scanned.bytes);
  }

  private push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.channel.push(bytes);
    if (this.begun) return;
    this.begun = true;
    this.options.receipt.firstTokenAt ||= performance.now();
    this.first?.resolve();
  }
}
