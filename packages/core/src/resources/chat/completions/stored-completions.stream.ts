import type { Receipt } from "../../../call.ts";
import { errorBody } from "../../../errors/api-error.ts";
import { toApiError } from "../../../errors/to-api-error.ts";
import { ByteChannel } from "../../../http/byte-channel.ts";
import type { AbortTarget } from "../../../http/cancellation.ts";
import type { ByteReader, ByteSource, Piece, PushedStream } from "../../../http/exchange.ts";
import { sseData } from "../../../http/sse.ts";

export interface StoredStreamOptions {
  rename: (events: Uint8Array) => Uint8Array;
  /** Stores the answer. Asked for once, when all of it has come. */
  keep: () => Promise<void>;
  receipt: Receipt;
  cancellation: AbortTarget;
}

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
  /** The end, and what comes after it. */
  private last: Uint8Array[] = [];

  constructor(source: PushedStream, options: StoredStreamOptions) {
    this.source = source;
    this.options = options;
    source.readWith(this);
  }

  write(piece: Piece): void {
    const events = typeof piece === "string" ? encoder.encode(piece) : piece;
    try {
      const renamed = this.options.rename(events);
      // The relay has read the end before it hands it on.
      if (this.options.receipt.complete || this.last.length > 0) this.last.push(renamed);
      else this.channel.push(renamed);
    } catch (error) {
      this.tell(error);
      this.source.leave();
    }
  }

  end(): void {
    const { complete, error } = this.options.receipt;
    if (complete && error === undefined) void this.keep();
    else this.finish();
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

  private async keep(): Promise<void> {
    try {
      await this.options.keep();
      this.finish();
    } catch (error) {
      this.tell(error);
    }
  }

  private finish(): void {
    for (const piece of this.last) this.channel.push(piece);
    this.channel.end();
  }

  private tell(error: unknown): void {
    const { receipt, cancellation } = this.options;
    receipt.error = error ?? new TypeError(`${error} was thrown`);
    this.channel.push(sseData(errorBody(toApiError(error, cancellation))));
    this.channel.end();
  }
}
