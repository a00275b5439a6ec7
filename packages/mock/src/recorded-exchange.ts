import type { Cancellation, Exchange, RequestBody } from "@outlet/core";
import { CallRecord } from "./recorded-call.ts";
import { announce, type RequestUnderWay } from "./requests-under-way.ts";

/** An exchange that writes down what is read of it; all else is the original's. */
export class RecordedExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  readonly host: unknown;
  readonly body: RequestBody;
  readonly call: CallRecord;
  readonly underWay: RequestUnderWay;
  readonly #original: Exchange;

  constructor(original: Exchange) {
    this.method = original.method;
    this.path = original.path;
    this.search = original.search;
    this.host = original.host;
    this.call = new CallRecord(original);
    this.body = new RecordedBody(original.body, this.call);
    this.underWay = { call: this.call, rule: null, willCut: false, cut: false };
    this.#original = original;
    announce(original.signal, this.underWay);
  }

  get originalPath(): string {
    return this.#original.originalPath;
  }

  get cancellation(): Cancellation {
    return this.#original.cancellation;
  }

  get signal(): AbortSignal {
    return this.#original.signal;
  }

  header(name: string): string | undefined {
    return this.#original.header(name);
  }

  cancel(): void {
    this.#original.cancel();
  }
}

class RecordedBody implements RequestBody {
  readonly #original: RequestBody;
  readonly #call: CallRecord;

  constructor(original: RequestBody, call: CallRecord) {
    this.#original = original;
    this.#call = call;
  }

  get taken(): boolean {
    return this.#original.taken;
  }

  get parsed(): unknown {
    return this.#original.parsed;
  }

  bytes(limit: number): Promise<Uint8Array> {
    return this.#original.bytes(limit).then((bytes) => {
      this.#call.keep(bytes);
      return bytes;
    });
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.#original.stream();
  }
}
