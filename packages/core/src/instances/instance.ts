import { type Awaitable, isPromise } from "../awaitable.ts";
import type { Receipt } from "../call.ts";
import { costOf } from "../ledger/cost.ts";
import type { Rates } from "../ledger/model-price.ts";
import type { ResolvedModel } from "../models/registry.ts";
import { type BreakEven, breakEven } from "./break-even.ts";
import type { InstanceOptions } from "./instances.options.ts";
import { createPlaces, type Waiting } from "./places.ts";
import { createSamples, type Spread } from "./samples.ts";

/** How an instance does, in this process since it was started. */
export interface InstanceReport {
  readonly name: string;
  readonly snapshot: string;
  readonly projects: readonly string[];
  readonly models: readonly string[];
  /** Unix milliseconds. */
  readonly since: number;
  /** Places, those that are taken, and calls that wait for one. */
  readonly concurrency: number;
  readonly running: number;
  readonly waiting: number;
  /** The part of its places' time that was in use, 0 to 1. */
  readonly load: number;
  readonly calls: {
    /** Ended. */
    readonly answered: number;
    /** Answered by the engine that all share, for want of a place. */
    readonly overflowed: number;
    readonly refused: number;
  };
  /** Of the last 1,000 calls: until each had its place, and from then to its end. Null before the first. */
  readonly waitMs: Spread | null;
  readonly durationMs: Spread | null;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** Null without a price. */
  readonly breakEven: BreakEven | null;
}

/** A call's place. */
export interface Seat {
  readonly target: ResolvedModel;
  /** The call has ended. To be told once. */
  leave(receipt: Receipt): void;
}

export interface Instance {
  readonly overflow: "shared" | "refuse";
  /**
   * A place, or null where there is none in time.
   * @param sharedNames what the model that all share, which would answer without the instance, has a price under
   */
  enter(id: string, sharedNames: readonly string[], waiting: Waiting): Awaitable<Seat | null>;
  /** What became of a call for which there was no place. */
  missed(how: "overflowed" | "refused"): void;
  report(): InstanceReport;
}

/** @param ratesOf the price of the first of these names that has one */
export function createInstance(
  name: string,
  options: InstanceOptions,
  ratesOf: (names: readonly string[]) => Rates | null,
): Instance {
  const { snapshot, concurrency, overflow = "shared", price_per_hour: price } = options;
  const { size = 4 * concurrency, deadlineMs = 10_000 } = options.queue ?? {};
  const places = createPlaces(concurrency, { size, deadlineMs });
  const since = Date.now();
  const start = performance.now();
  const waits = createSamples();
  const durations = createSamples();
  const calls = { answered: 0, overflowed: 0, refused: 0 };
  const usage = { inputTokens: 0, outputTokens: 0 };
  let sharedCost = 0;
  /** Places' milliseconds in use up to `changed`, when one was last taken or given back. */
  let used = 0;
  let changed = start;

  function tick(now: number): void {
    used += places.taken * (now - changed);
    changed = now;
  }

  function targetFor(id: string): ResolvedModel {
    return {
      id,
      snapshot,
      engine: options.engine,
      engineModel: options.model ?? snapshot,
      capabilities: options.capabilities ?? {},
      contextWindow: options.context_window ?? null,
      maxOutputTokens: options.max_output_tokens ?? null,
      tokenizer: options.tokenizer ?? null,
      lifecycle: null,
      deletable: () => false,
      instance: name,
    };
  }
  const targets = new Map(options.models.map((id) => [id, targetFor(id)]));

  function seat(id: string, sharedNames: readonly string[], arrival: number): Seat {
    const seated = performance.now();
    waits.add(seated - arrival);
    return {
      target: targets.get(id) as ResolvedModel,
      leave(receipt) {
        const now = performance.now();
        tick(now);
        places.free();
        durations.add(now - seated);
        calls.answered += 1;
        if (!receipt.usage) return;
        usage.inputTokens += receipt.usage.input_tokens;
        usage.outputTokens += receipt.usage.output_tokens;
        const rates = ratesOf(sharedNames);
        if (rates) sharedCost += costOf(receipt.usage, rates);
      },
    };
  }

  return {
    overflow,
    enter(id, sharedNames, waiting) {
      const arrival = performance.now();
      tick(arrival);
      const placed = places.take(waiting);
      const seated = (got: boolean) => (got ? seat(id, sharedNames, arrival) : null);
      return isPromise(placed) ? placed.then(seated) : seated(placed);
    },
    missed(how) {
      calls[how] += 1;
    },
    report() {
      const now = performance.now();
      tick(now);
      const elapsedMs = now - start;
      const tokens = usage.inputTokens + usage.outputTokens;
      return {
        name,
        snapshot,
        projects: options.projects,
        models: options.models,
        since,
        concurrency,
        running: places.taken,
        waiting: places.waiting,
        load: elapsedMs > 0 ? used / (concurrency * elapsedMs) : 0,
        calls: { ...calls },
        waitMs: waits.spread(),
        durationMs: durations.spread(),
        usage: { ...usage },
        breakEven: price === undefined ? null : breakEven(price, { tokens, sharedCost, elapsedMs }),
      };
    },
  };
}
