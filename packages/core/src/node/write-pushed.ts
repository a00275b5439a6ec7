import type { AbortListener } from "../http/cancellation.ts";
import type { ByteReader, Exchange, Piece, PushedStream, Reply } from "../http/exchange.ts";
import type { NodeResponse } from "./types.ts";

/** Writes a stream as it is pushed: from the socket it comes from to Node's response without a promise on the way. */
export function writePushed(res: NodeResponse, reply: Reply, body: PushedStream, exchange: Exchange): Promise<void> {
  return new PushedReply(res, body, exchange).begin(reply);
}

class PushedReply implements ByteReader, AbortListener {
  private readonly res: NodeResponse;
  private readonly body: PushedStream;
  private readonly exchange: Exchange;
  private readonly written: PromiseWithResolvers<void> = Promise.withResolvers();
  private begun = false;
  private over = false;
  private onDrain: (() => void) | null = null;

  constructor(res: NodeResponse, body: PushedStream, exchange: Exchange) {
    this.res = res;
    this.body = body;
    this.exchange = exchange;
  }

  /** Rejects when not even the head can be written. */
  begin({ status, headers }: Reply): Promise<void> {
    const { res, body, exchange } = this;
    if (exchange.cancellation.aborted || res.destroyed) {
      body.leave();
      return Promise.resolve();
    }
    try {
      res.writeHead(status, headers);
    } catch (error) {
      body.leave();
      return Promise.reject(error);
    }
    exchange.cancellation.addEventListener("abort", this);
    // The first piece, which is there already more often than not, leaves in one packet with the head.
    body.readWith(this);
    if (!this.begun && !this.over) res.flushHeaders();
    return this.written.promise;
  }

  write(piece: Piece): void {
    const { res } = this;
    if (this.over || res.destroyed) return;
    this.begun = true;
    try {
      res.write(piece);
      res.flush?.();
    } catch (error) {
      this.body.leave();
      this.fail(error);
      return;
    }
    if (res.writableNeedDrain) this.wait();
  }

  end(): void {
    if (this.over) return;
    this.finish();
    if (this.exchange.cancellation.aborted) this.res.destroy();
    else this.res.end();
  }

  /** The pipeline turns failures into events; what still fails here can only be told by breaking off. */
  fail(_error?: unknown): void {
    if (this.over) return;
    this.finish();
    this.res.destroy();
  }

  /** The client has left. */
  handleEvent(): void {
    this.body.leave();
    this.fail();
  }

  private wait(): void {
    this.body.pause();
    if (this.onDrain !== null) return;
    this.onDrain = () => this.body.resume();
    this.res.on("drain", this.onDrain);
  }

  private finish(): void {
    this.over = true;
    this.exchange.cancellation.removeEventListener("abort", this);
    if (this.onDrain !== null) this.res.off("drain", this.onDrain);
    this.written.resolve();
  }
}
