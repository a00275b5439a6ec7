import { ByteChannel } from "./byte-channel.ts";
import { type ByteSource, type ByteStream, isPushed, type PushedStream } from "./exchange.ts";

/** The stream itself where its source pushes; else one that is fed by iterating it. */
export function pushed(stream: ByteStream): PushedStream {
  if (isPushed(stream)) return stream;
  const pump = new Pump(stream);
  void pump.run();
  return pump.channel;
}

class Pump implements ByteSource {
  readonly channel = new ByteChannel(this);
  private readonly iterator: ReturnType<ByteStream[typeof Symbol.asyncIterator]>;
  private waiting: PromiseWithResolvers<void> | null = null;
  private left = false;

  constructor(stream: ByteStream) {
    this.iterator = stream[Symbol.asyncIterator]();
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { channel, iterator } = this;
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        channel.push(next.value);
        if (this.waiting) await this.waiting.promise;
        if (this.left) return;
      }
      channel.end();
    } catch (error) {
      channel.fail(error);
    }
  }

  pause(): void {
    this.waiting ??= Promise.withResolvers();
  }

  resume(): void {
    this.waiting?.resolve();
    this.waiting = null;
  }

  /** The iterator is told, and not waited for: what it makes of that is its own affair. */
  leave(): void {
    this.left = true;
    this.resume();
    try {
      this.iterator.return?.().then(undefined, () => {});
    } catch {
      // It was told.
    }
  }
}
