import type { Batch } from "./pieces.ts";

/** Says of what an answer says whether it may be sent. */
export interface Guard {
  /** Characters that are held until they are judged together; infinite to hold a choice back whole. */
  readonly window: number;
  /** What was said last, with the end of what was judged before it. */
  passes(text: string): Promise<boolean>;
}

/** Characters that are judged again with the next window: nothing is hidden in the seam of two. */
export const SEAM = 256;

/** Pieces that are held at most, however little they say. */
const MOST_HELD = 4_096;

interface Held {
  readonly index: number;
  readonly finish_reason?: unknown;
}

/**
 * One choice's pieces, held back until what they say has passed. Where it does not, the choice ends in `content_filter`, without what was held,
 * and the model is stopped.
 */
export async function* heldBack<Piece extends Held>(
  batches: AsyncIterable<Batch<Piece>>,
  guard: Guard,
  { said, blocked }: { said: (piece: Piece) => string; blocked: (piece: Piece) => Piece },
): AsyncGenerator<Batch<Piece>> {
  let held: Piece[] = [];
  let text = "";
  let seam = "";
  const most = Number.isFinite(guard.window) ? MOST_HELD : Number.POSITIVE_INFINITY;
  for await (const batch of batches) {
    for (const piece of batch) {
      held.push(piece);
      text += said(piece);
      if (text.length < guard.window && !piece.finish_reason && held.length < most) continue;
      if (text !== "" && !(await guard.passes(seam + text))) {
        yield [blocked(piece)];
        return;
      }
      seam = (seam + text).slice(-SEAM);
      text = "";
      yield held;
      held = [];
    }
  }
  if (text !== "" && !(await guard.passes(seam + text))) {
    yield [blocked(held.at(-1) as Piece)];
    return;
  }
  if (held.length > 0) yield held;
}
