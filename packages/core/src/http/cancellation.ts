/** Told, once, that nobody waits any more. An object, so that nothing has to be closed over for each request. */
export interface AbortListener {
  handleEvent(): void;
}

/** What is used of an `AbortSignal`. Any signal is one; a request's own is a `Cancellation`. */
export interface AbortTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: AbortListener): void;
  removeEventListener(type: "abort", listener: AbortListener): void;
}

/**
 * Whether a request still has somebody who waits for it: what an `AbortSignal` tells, at a fraction of the cost, since
 * one is needed for every request and hardly ever does anything. Whoever wants a real signal asks for `signal`.
 */
export class Cancellation implements AbortTarget {
  aborted = false;
  reason: unknown = undefined;
  private listeners: AbortListener[] | null = null;
  private controller: AbortController | null = null;

  /** The same as the platform's own signal, made when it is first asked for. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  addEventListener(_type: "abort", listener: AbortListener): void {
    if (this.listeners === null) this.listeners = [listener];
    else this.listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: AbortListener): void {
    const at = this.listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.listeners?.splice(at, 1);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = new DOMException("This operation was aborted", "AbortError");
    const { listeners } = this;
    this.listeners = null;
    this.controller?.abort(this.reason);
    for (const listener of listeners ?? []) listener.handleEvent();
  }
}
