import type { Answering } from "./engine-operations.ts";
import type { Script } from "./script.ts";
import { upstreamStream } from "./upstream.ts";
import { aborted, gate } from "./within.ts";

/** A model that is held at some point of its answer. */
export interface HeldEngine {
  readonly script: Partial<Script>;
  /** Resolves when the streams of all of its calls have been closed; absent where there are none that can be. */
  readonly closed?: Promise<void>;
}

type Kind = Pick<Answering, "ability">;

interface Holding {
  /** What the stream says before it waits; default: nothing. */
  readonly piece?: unknown;
  /** How many calls there will be. Default: 1. */
  readonly calls?: number;
}

/** Never answers, whatever its signal says: the server must not wait for it. */
export const deaf = () => new Promise<never>(() => {});

/** Models of this kind, held before they have answered. */
export function deafEngine({ ability }: Kind): HeldEngine {
  return { script: { [ability]: deaf } };
}

/** Says its piece, or nothing, and then waits for its signal. */
export function heldStream({ ability }: Kind, { piece, calls = 1 }: Holding = {}): HeldEngine {
  const closed = gate();
  let open = calls;
  const close = () => {
    open -= 1;
    if (open === 0) closed.open();
  };
  async function* said(signal: AbortSignal, begin: () => void): AsyncGenerator<never> {
    begin();
    try {
      if (piece !== undefined) yield piece as never;
      await aborted(signal);
    } finally {
      close();
    }
  }
  const pieces = (signal: AbortSignal) => {
    let begun = false;
    const stream = said(signal, () => {
      begun = true;
    });
    // A client may leave before the server has begun with the stream: then there is nothing in it to be closed.
    void aborted(signal).then(() => begun || void stream.return(undefined as never).then(close));
    return stream;
  };
  return { script: streaming(ability, pieces), closed: closed.opened };
}

/** Says its piece, or nothing, and then neither goes on nor lets itself be closed. */
export function deafStream({ ability }: Kind, { piece }: Holding = {}): HeldEngine {
  const pieces = () => {
    let said = piece === undefined;
    const iterator = {
      async next() {
        if (said) return deaf();
        said = true;
        return { done: false as const, value: piece as never };
      },
      return: deaf,
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  };
  return { script: streaming(ability, pieces) };
}

/** Functions get their signal with the input, engines with the context; an upstream's stream comes with a head. */
function streaming(ability: Kind["ability"], pieces: (signal: AbortSignal) => AsyncIterable<never>): Partial<Script> {
  type Signalled = { signal: AbortSignal };
  const answer = (input: Signalled, context: Signalled = input) => {
    const stream = pieces(context.signal);
    return ability === "upstream" ? Promise.resolve(upstreamStream(stream)) : stream;
  };
  return { [ability]: answer };
}
