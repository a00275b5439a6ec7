import fc from "fast-check";
import { expect, test } from "vitest";
import { type AbortTarget, Cancellation } from "./cancellation.ts";

const happening = fc.oneof(
  fc.record({ word: fc.constant("add" as const), listener: fc.nat({ max: 7 }) }),
  fc.record({ word: fc.constant("remove" as const), listener: fc.nat({ max: 7 }) }),
  fc.record({ word: fc.constantFrom("abort" as const, "ask" as const), listener: fc.constant(0) }),
);

/** Listeners that write down who was told; each is added at most once, as every part of a request adds its own. */
function listening(target: AbortTarget) {
  const told: number[] = [];
  const listeners = Array.from({ length: 8 }, (_, index) => ({ handleEvent: () => void told.push(index) }));
  const added = new Set<number>();
  return {
    told,
    add(index: number) {
      if (added.has(index)) return;
      added.add(index);
      target.addEventListener("abort", listeners[index] as (typeof listeners)[0]);
    },
    remove(index: number) {
      added.delete(index);
      target.removeEventListener("abort", listeners[index] as (typeof listeners)[0]);
    },
  };
}

test("tells the same listeners in the same order as the platform's own signal, whatever happens in which order", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (all) => {
      const own = new Cancellation();
      const platform = new AbortController();
      const here = listening(own);
      const there = listening(platform.signal);
      for (const { word, listener } of all) {
        if (word === "add" || word === "remove") {
          here[word](listener);
          there[word](listener);
        } else if (word === "abort") {
          own.abort();
          platform.abort();
        } else expect(own.signal.aborted).toBe(own.aborted);
        expect(here.told).toEqual(there.told);
        expect(own.aborted).toBe(platform.signal.aborted);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("gives one signal, which aborts with it, with its reason, and tells its own listeners", () => {
  const early = new Cancellation();
  const { signal } = early;
  let told = 0;
  signal.addEventListener("abort", () => {
    told += 1;
  });
  expect([signal.aborted, early.signal === signal]).toEqual([false, true]);
  early.abort();
  early.abort();
  expect([signal.aborted, told]).toEqual([true, 1]);
  expect(signal.reason).toBe(early.reason);
  expect(early.reason).toMatchObject({ name: "AbortError" });

  const late = new Cancellation();
  late.abort();
  expect([late.signal.aborted, late.signal.reason === late.reason]).toEqual([true, true]);
});

test("stays aborted for those who come late, and does not tell them", () => {
  const cancellation = new Cancellation();
  cancellation.abort();
  const late = listening(cancellation);
  late.add(0);
  cancellation.abort();
  expect([cancellation.aborted, late.told]).toEqual([true, []]);
});
