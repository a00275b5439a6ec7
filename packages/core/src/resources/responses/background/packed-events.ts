import type { Batch } from "../../../engine/pieces.ts";
import type { ResponseEvent } from "../responses.events.ts";

/**
 * An event as it is kept. A delta that differs from the one before it in nothing else is kept as its text alone: a token does not weigh
 * two hundred bytes.
 */
export type PackedEvent = ResponseEvent | string;

/** Events on their way into the store. */
export interface Packing {
  add(event: ResponseEvent): void;
  /** What was added since the last time. */
  take(): PackedEvent[];
  /** How many events wait to be taken. */
  count(): number;
  /** About the characters of their JSON. */
  size(): number;
}

export function createPacking(): Packing {
  let packed: PackedEvent[] = [];
  let former: ResponseEvent | null = null;
  let size = 0;
  return {
    count: () => packed.length,
    size: () => size,
    add(event) {
      if (former && "delta" in event && isSameBut(event, former)) {
        packed.push(event.delta);
        size += event.delta.length;
        return;
      }
      // A copy: what it tells of may go on changing before it is written.
      const json = JSON.stringify(event);
      packed.push(JSON.parse(json) as ResponseEvent);
      size += json.length;
      former = event;
    },
    take() {
      const taken = packed;
      packed = [];
      // Each batch can be read by itself.
      former = null;
      size = 0;
      return taken;
    },
  };
}

export function unpacked(packed: readonly PackedEvent[]): Batch<ResponseEvent> {
  let former: ResponseEvent | null = null;
  return packed.map((entry) => {
    former = typeof entry === "string" ? ({ ...former, delta: entry } as ResponseEvent) : entry;
    return former;
  });
}

/** Whether two deltas add to the same text, and say nothing else that differs. */
function isSameBut(event: object, former: object): boolean {
  const one = event as Record<string, unknown>;
  const other = former as Record<string, unknown>;
  const names = Object.keys(one);
  return (
    typeof one.delta === "string" &&
    typeof other.delta === "string" &&
    names.length === Object.keys(other).length &&
    names.every((name) => name === "delta" || one[name] === other[name] || (isEmpty(one[name]) && isEmpty(other[name])))
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
