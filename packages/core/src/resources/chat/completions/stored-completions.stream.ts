import type { Receipt } from "../../../call.ts";
import { errorBody } from "../../../errors/api-error.ts";
import { toApiError } from "../../../errors/to-api-error.ts";
import { ByteChannel } from "../../../http/byte-channel.ts";
import type { AbortTarget } from "../../../http/cancellation.ts";
import type { ByteReader, ByteSource, Piece, PushedStream } from "../../../http/exchange.ts";
import { latin1 } from "../../../http/latin1.ts";
import { sseData } from "../../../http/sse.ts";

export interface StoredStreamOptions {
  rename: (events: Uint8Array) => Uint8Array;
  /** Stores the answer. Asked for once, when all of it has come. */
  keep: () => Promise<void>;
  receipt: Receipt;
  cancellation: AbortTarget;
}

const DONE = /(?:^|\n)data: ?\[DONE\]/;
const encoder = new TextEncoder();

/**
 * Hands on a relayed stream under the outlet's own id, and holds its end back until the answer is stored: who has the end of a reply
 * finds it there. What cannot be stored ends in an error event.
 */
export class StoredStream implements ByteReader, ByteSource {
  /** What the client gets. */
  readonly channel = new ByteChannel(this);
  private readonly source: PushedStream;
  private readonly options: StoredStreamOptions;
  private last: Uint8Array | null = null;

  constructor(source: PushedStream, options: StoredStreamOptions) {
    this.source = source;
    this.options = options;
    source.readWith(this);
  }

  write(piece: Piece): void {
    const events = typeof piece === "string" ? encoder.encode(piece) : piece;
    try {
      const renamed = this.options.rename(events);
      if (isLast(events)) this.last = renamed;
      else this.channel.push(renamed);
    } catch (error) {
      this.tell(error);
      this.source.leave();
    }
  }

  end(): void {
    const { last } = this;
    if (last === null || this.options.receipt.error !== undefined) {
      if (last !== null) this.channel.push(last);
      this.channel.end();
    } else void this.keep(last);
  }

  fail(error: unknown): void {
    this.channel.fail(error);
  }

  pause(): void {
    this.source.pause();
  }

  resume(): void {
    this.source.resume();
  }

  leave(): void {
    this.source.leave();
  }

  private async keep(last: Uint8Array): Promise<void> {
    try {
      await this.options.keep();
      this.channel.push(last);
      this.channel.end();
    } catch (error) {
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    const { receipt, cancellation } = this.options;
    receipt.error = error ?? new TypeError(`${error} was thrown`);
    this.channel.push(sseData(errorBody(toApiError(error, cancellation))));
    this.channel.end();
  }
}

function isLast(events: Uint8Array): boolean {
  const text = latin1(events);
  return text.includes("[DONE]") && DONE.test(text);
}
