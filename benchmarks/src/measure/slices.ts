import type { Bench } from "../bench.ts";
import type { Running } from "../fleet.ts";
import type { Order } from "../load/requests.ts";
import { median } from "../stats.ts";
import type { Target } from "../targets.ts";

/** What was measured in a slice: measure → number. */
export type Slice = Readonly<Record<string, number>>;

const YARDSTICK = "pipe";

interface SlicesOptions {
  /** Targets that are not measured. */
  readonly skip?: readonly string[];
  /** Every round has new ones: V8 compiles no two of them alike, and what is measured of one alone is its luck, too. */
  readonly newProcesses?: boolean;
}

/**
 * Measures in slices so short that what else the machine does is the same in two that follow each other. Targets take their turns two at a time, with a
 * slice of the pipe's between theirs, so that each has one of the pipe's next to it, before or after, and is divided by that; and so that
 * none is idle for longer than the pipe by much, when V8 and the processor put away what it works with. A round is `slices` such turns of
 * every two; its number is the median of its slices' ratios.
 */
export async function measureInSlices(
  bench: Bench,
  section: string,
  order: Order,
  slices: number,
  measure: (server: Running, target: Target) => Promise<Slice>,
  { skip = [], newProcesses = false }: SlicesOptions = {},
): Promise<void> {
  const { settings, samples } = bench;
  const one = async (target: Target): Promise<Slice | null> => {
    try {
      return await measure(await bench.running(target), target);
    } catch (error) {
      await bench.failed(section, target, error as Error);
      return null;
    }
  };

  for (let round = 0; round < settings.rounds; round++) {
    console.error(`${section}: round ${round + 1} of ${settings.rounds}`);
    if (newProcesses) await bench.stopAll();
    const targets = await warmTargets(bench, section, skip);
    const pipe = targets.find(({ name }) => name === YARDSTICK);
    if (!pipe) return;
    const others = targets.filter((target) => target !== pipe);
    const ratios = new Ratios();
    for (const pair of pairsOf(others, round)) {
      for (const target of [pipe, ...pair]) await bench.wake(target, order).catch(() => {});
      let beside = await one(pipe);
      for (let turn = 0; turn < slices; turn++) {
        const [before, after] = (turn % 2 === 0 ? pair : pair.toReversed()) as [Target, Target?];
        ratios.add(before.name, await one(before), beside);
        const own = after ? await one(after) : null;
        beside = await one(pipe);
        if (after) ratios.add(after.name, own, beside);
        ratios.add(YARDSTICK, beside, beside);
      }
    }
    ratios.each((name, target, values) => samples.add(name, target, round, median(values)));
  }
}

/** Started and warm before the first slice: one that starts between two of them would come between neighbours. */
async function warmTargets(bench: Bench, section: string, skip: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const target of bench.settings.targets) {
    if (target.only !== undefined || skip.includes(target.name)) continue;
    try {
      await bench.running(target);
      targets.push(target);
    } catch (error) {
      await bench.failed(section, target, error as Error);
    }
  }
  return targets;
}

/** Two at a time, every round beginning with another one. */
export function pairsOf(targets: readonly Target[], round: number): Target[][] {
  const first = round % Math.max(1, targets.length);
  const order = [...targets.slice(first), ...targets.slice(0, first)];
  return order.flatMap((_, i) => (i % 2 === 0 ? [order.slice(i, i + 2)] : []));
}

class Ratios {
  private readonly all = new Map<string, { measure: string; target: string; values: number[] }>();

  add(target: string, own: Slice | null, beside: Slice | null): void {
    if (own === null || beside === null) return;
    for (const [measure, value] of Object.entries(own)) {
      const key = `${measure} ${target}`;
      const entry = this.all.get(key) ?? { measure, target, values: [] };
      entry.values.push(value / (beside[measure] as number));
      this.all.set(key, entry);
    }
  }

  each(visit: (measure: string, target: string, values: readonly number[]) => void): void {
    for (const { measure, target, values } of this.all.values()) visit(measure, target, values);
  }
}
