/** A request on its way: the reply to come, and the client's freedom to leave before it. */
export interface Begun {
  /** Resolves when the reply's head is there. */
  readonly response: Promise<Opened>;
  /** Goes away as a client does: a closed connection, or an aborted signal in process. */
  leave(): void;
}

/** A reply whose body is still arriving. */
export interface Opened {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The next bytes as they arrive; null at the end. Rejects when the server breaks off. */
  next(): Promise<Uint8Array | null>;
  leave(): void;
}

export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Send the body without announcing its length. */
  readonly chunked: boolean;
}

export type Transport = (request: WireRequest) => Begun;
