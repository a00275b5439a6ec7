import {
  type AbortListener,
  type AbortTarget,
  ByteChannel,
  type ByteSource,
  engineFailed,
  type ForwardReply,
  type Roster,
} from "@outlet/core";
import type { Dispatcher } from "undici";
import type { Deadlines } from "./deadlines.ts";
import { isRetryable, transportError } from "./failures.ts";
import { contentRefusal, type IncomingHeaders, isEventStream, replyHeaders } from "./reply-headers.ts";
import type { Cancellable } from "./wait.ts";

export interface AttemptOptions {
  readonly dispatcher: Dispatcher;
  readonly request: Dispatcher.DispatchOptions;
  readonly signal: AbortTarget;
  /** The client asked for server-sent events. */
  readonly stream: boolean;
  readonly maxReplyBytes: number;
  /** When response headers must be there, in milliseconds of `performance.now()`; `Infinity` for no limit. */
  readonly deadline: number;
  /** Where the attempt is listed while it is under way. */
  readonly live: Roster<Cancellable>;
  readonly deadlines: Deadlines;
}

const NO_BYTES = new Uint8Array(0);
/** To wait for the next microtask: `queueMicrotask` makes a resource and a closure besides, for every chunk. */
const settled = Promise.resolve();

/**
 * One request on the wire. It is undici's raw handler itself: between the socket and the reply there is no stream, no
 * event emitter and no copy. Ends once: in a reply, or by `#stop` with an error.
 */
export class Attempt implements Dispatcher.DispatchHandler, ByteSource, AbortListener, Cancellable {
  place = 0;
  deadline: number;
  /** After a failure: whether sending the request again makes sense and does no harm. */
  retryable = false;
  readonly #options: AttemptOptions;
  readonly #reply: PromiseWithResolvers<ForwardReply> = Promise.withResolvers();
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #stream: ByteChannel | null = null;
  #unreadable = false;
  /** Of a stream, what the current read from the socket has brought first, which nearly always is all. */
  #arrived: Uint8Array | null = null;
  /** Of a stream, what the same read has brought besides; else the reply so far. */
  #chunks: Uint8Array[] = [];
  #size = 0;
  #handLater: (() => void) | null = null;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.deadline = options.deadline;
  }

  /** The reply: a stream's as soon as its headers are there, any other when it is whole. Called once. */
  send(): Promise<ForwardReply> {
    const { dispatcher, request, signal, live, deadlines } = this.#options;
    if (signal.aborted) return Promise.reject(signal.reason);
    signal.addEventListener("abort", this);
    live.add(this);
    deadlines.watch(this.deadline);
    try {
      dispatcher.dispatch(request, this);
    } catch (error) {
      this.onResponseError(null, error as Error);
    }
    return this.#reply.promise;
  }

  /** The signal has aborted. */
  handleEvent(): void {
    this.#stop(this.#options.signal.reason);
  }

  cancel(error: unknown): void {
    this.#stop(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it was queued or connecting: nothing of it is written.
    if (this.#over) controller.abort(new Error("given up"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHeaders): void {
    if (this.#over || status < 200) return;
    this.deadline = Number.POSITIVE_INFINITY;
    this.#status = status;
    this.#headers = replyHeaders(headers);
    const { stream, maxReplyBytes } = this.#options;
    const refusal = contentRefusal(this.#headers, stream);
    const succeeded = status <= 299;
    if (succeeded && refusal !== null) {
      this.#stop(engineFailed(refusal));
    } else if (succeeded && stream && isEventStream(this.#headers)) {
      this.#stream = new ByteChannel(this);
      this.#handLater = () => this.#hand();
      this.#reply.resolve({ status, headers: this.#headers, body: this.#stream });
    } else if (Number(this.#headers["content-length"]) > maxReplyBytes) {
      this.#tooLarge();
    }
    // A refusal that came compressed still has a status that tells something; only its body is lost.
    this.#unreadable = !succeeded && this.#headers["content-encoding"] !== undefined;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return;
    if (this.#stream) {
      // A burst of small events comes in one read. They are handed on together, a microtask later.
      if (this.#arrived !== null) this.#chunks.push(chunk);
      else {
        this.#arrived = chunk;
        void settled.then(this.#handLater);
      }
      return;
    }
    this.#size += chunk.length;
    if (this.#size > this.#options.maxReplyBytes) this.#tooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#release();
    if (this.#stream) {
      this.#hand();
      this.#stream.end();
    } else this.#reply.resolve({ status: this.#status, headers: this.#headers, body: this.#body() });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, cause: Error): void {
    if (this.#over) return;
    const replyBegan = this.#status !== 0;
    this.retryable = !replyBegan && isRetryable(cause);
    this.#release();
    const error = transportError(cause, replyBegan);
    if (this.#stream) {
      this.#hand();
      this.#stream.fail(error);
    } else this.#reply.reject(error);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume();
  }

  leave(): void {
    this.#stop(new Error("the reader has left"));
  }

  #tooLarge(): void {
    this.#stop(engineFailed(`The upstream's reply is larger than ${this.#options.maxReplyBytes} bytes.`));
  }

  /** Hangs up. */
  #stop(error: unknown): void {
    if (this.#over) return;
    this.#release();
    this.#controller?.abort(error instanceof Error ? error : new Error("aborted", { cause: error }));
    if (this.#stream) {
      this.#arrived = null;
      this.#chunks = [];
      this.#stream.discard();
      this.#stream.fail(error);
    } else this.#reply.reject(error);
  }

  #release(): void {
    const { signal, live } = this.#options;
    this.#over = true;
    signal.removeEventListener("abort", this);
    live.remove(this);
  }

  #hand(): void {
    const arrived = this.#arrived;
    if (arrived === null) return;
    this.#arrived = null;
    if (this.#chunks.length === 0) {
      this.#stream?.push(arrived);
      return;
    }
    const bytes = Buffer.concat([arrived, ...this.#chunks]);
    this.#chunks = [];
    this.#stream?.push(bytes);
  }

  #body(): Uint8Array {
    if (this.#unreadable) return NO_BYTES;
    return this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
  }
}
