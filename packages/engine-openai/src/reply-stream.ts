/** The connection that a stream reads from. */
export interface StreamSource {
  pause(): void;
  resume(): void;
  /** The reader has left: hang up. */
  leave(): void;
}

type Result = IteratorResult<Uint8Array, undefined>;

/** Bytes that may pile up before the connection is paused: about what one read from a socket can bring. */
const HIGH_WATER_MARK = 65_536;
const DONE: Result = { done: true, value: undefined };

/**
 * The body of a stream, one read at a time. What arrives together is handed on together: a burst of small events costs
 * its reader one step instead of one step each. A reader that is slow pauses the connection.
 *
 * Written out by hand because it runs for every piece of every stream: a generator would add two promises to each.
 */
export class ReplyStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #source: StreamSource;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #paused = false;
  #over = false;
  #error: unknown;
  #failed = false;
  #waiting: PromiseWithResolvers<Result> | null = null;
  #waking = false;
  readonly #wake = () => this.#answer();

  constructor(source: StreamSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#waiting) {
      const again = () => this.next();
      return this.#waiting.promise.then(again, again);
    }
    if (this.#size > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#failed) {
      this.#failed = false;
      return Promise.reject(this.#error);
    }
    if (this.#over) return Promise.resolve(DONE);
    this.#waiting = Promise.withResolvers<Result>();
    return this.#waiting.promise;
  }

  return(): Promise<Result> {
    this.#discard();
    if (!this.#over) {
      this.#over = true;
      this.#source.leave();
    }
    this.#failed = false;
    this.#answer();
    return Promise.resolve(DONE);
  }

  push(chunk: Uint8Array): void {
    if (this.#over || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= HIGH_WATER_MARK && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#schedule();
  }

  end(): void {
    this.#over = true;
    this.#schedule();
  }

  /** Ends in an error, after what has arrived. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#failed = true;
    this.#error = error;
    this.#schedule();
  }

  /** Ends in an error at once. */
  abort(error: unknown): void {
    this.#discard();
    this.fail(error);
  }

  /** A microtask later, when the whole read has been parsed. */
  #schedule(): void {
    if (this.#waiting === null || this.#waking) return;
    this.#waking = true;
    queueMicrotask(this.#wake);
  }

  #answer(): void {
    this.#waking = false;
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    if (this.#size > 0) waiting.resolve({ done: false, value: this.#take() });
    else if (this.#failed) {
      this.#failed = false;
      waiting.reject(this.#error);
    } else if (this.#over) waiting.resolve(DONE);
    else this.#waiting = waiting;
  }

  #take(): Uint8Array {
    const value = this.#chunks.length === 1 ? (this.#chunks.pop() as Uint8Array) : this.#joined();
    this.#size = 0;
    if (this.#paused) {
      this.#paused = false;
      // Reads on synchronously, so everything above is settled first.
      this.#source.resume();
    }
    return value;
  }

  #joined(): Uint8Array {
    const whole = Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    return whole;
  }

  #discard(): void {
    this.#chunks = [];
    this.#size = 0;
  }
}
