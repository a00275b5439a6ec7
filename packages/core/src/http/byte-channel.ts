import type { ByteReader, ByteSource, Piece, PushedStream } from "./exchange.ts";

type Result = IteratorResult<Piece, undefined>;

/** Bytes that may pile up before the source is paused: about what one read from a socket can bring. */
const HIGH_WATER_MARK = 65_536;
const DONE: Result = { done: true, value: undefined };

/**
 * A stream whose source pushes. It is read in one of two ways: by iterating, which takes a promise for each piece, or by
 * a reader that is pushed to in turn, which takes nothing but a call. A reader that is slow pauses the source.
 *
 * Written out by hand because it runs for every piece of every stream.
 */
export class ByteChannel implements PushedStream, AsyncIterableIterator<Piece, undefined> {
  private readonly source: ByteSource;
  private reader: ByteReader | null = null;
  private held: Piece[] = [];
  private size = 0;
  private paused = false;
  private over = false;
  private failed = false;
  private error: unknown = undefined;
  private waiting: PromiseWithResolvers<Result> | null = null;
  private onEnd: (() => void) | null = null;

  constructor(source: ByteSource) {
    this.source = source;
  }

  push(piece: Piece): void {
    if (this.over || piece.length === 0) return;
    if (this.reader !== null) {
      this.reader.write(piece);
    } else if (this.waiting !== null) {
      const { waiting } = this;
      this.waiting = null;
      waiting.resolve({ done: false, value: piece });
    } else {
      this.held.push(piece);
      this.size += piece.length;
      if (this.size >= HIGH_WATER_MARK && !this.paused) this.pause();
    }
  }

  /** Nothing more comes. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.settle();
  }

  /** Ends in an error, after what has been pushed. */
  fail(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.failed = true;
    this.error = error;
    this.settle();
  }

  /** Drops what nobody has read yet. */
  discard(): void {
    this.held = [];
    this.size = 0;
  }

  readWith(reader: ByteReader): void {
    this.reader = reader;
    const { held, paused } = this;
    this.discard();
    this.paused = false;
    for (const piece of held) reader.write(piece);
    if (this.over) this.settle();
    else if (paused && !this.paused) this.source.resume();
  }

  onOver(listener: () => void): void {
    const { onEnd } = this;
    this.onEnd = onEnd
      ? () => {
          onEnd();
          listener();
        }
      : listener;
  }

  pause(): void {
    if (this.paused || this.over) return;
    this.paused = true;
    this.source.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    // May push at once.
    if (!this.over) this.source.resume();
  }

  leave(): void {
    this.discard();
    this.failed = false;
    if (!this.over) {
      this.over = true;
      this.source.leave();
    }
    this.tellOver();
    this.waiting?.resolve(DONE);
    this.waiting = null;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.waiting) {
      const again = () => this.next();
      return this.waiting.promise.then(again, again);
    }
    const piece = this.held.shift();
    if (piece !== undefined) {
      this.size -= piece.length;
      if (this.held.length === 0) this.resume();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.over) return this.last();
    this.waiting = Promise.withResolvers<Result>();
    return this.waiting.promise;
  }

  return(): Promise<Result> {
    this.leave();
    return Promise.resolve(DONE);
  }

  /** It is over: tells whoever reads, once they have read all there is. */
  private settle(): void {
    const { reader, waiting } = this;
    if (reader !== null) {
      this.tellOver();
      if (this.failed) reader.fail(this.error);
      else reader.end();
    } else if (waiting !== null) {
      this.waiting = null;
      this.last().then(waiting.resolve, waiting.reject);
    }
  }

  private last(): Promise<Result> {
    this.tellOver();
    if (!this.failed) return Promise.resolve(DONE);
    this.failed = false;
    return Promise.reject(this.error);
  }

  private tellOver(): void {
    const { onEnd } = this;
    this.onEnd = null;
    onEnd?.();
  }
}
