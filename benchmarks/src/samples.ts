import { type Summary, summarize } from "./stats.ts";

/** Every number that was measured: measure → target → round. */
export interface Samples {
  add(measure: string, target: string, round: number, value: number): void;
  has(measure: string, target: string): boolean;
  values(measure: string, target: string): number[];
  summary(measure: string, target: string): Summary | null;
  /**
   * Each round beside the same round of another target, so that what slowed both down falls out; `less` is taken from
   * both sides first.
   */
  ratio(measure: string, target: string, base: string, less?: string): Summary | null;
  /** How much more than another target's, round by round. */
  added(measure: string, target: string, base: string): Summary | null;
  /** Something that the reader of the table has to know. */
  note(text: string): void;
  readonly notes: ReadonlySet<string>;
}

export function createSamples(): Samples {
  const all = new Map<string, number[]>();
  const notes = new Set<string>();
  const values = (measure: string, target: string) => all.get(`${measure} ${target}`) ?? [];
  const paired = (measure: string, target: string, base: string, pair: (own: number, other: number) => number) => {
    const others = values(measure, base);
    return values(measure, target).map((own, round) => pair(own, others[round] ?? Number.NaN));
  };
  return {
    notes,
    note: (text) => void notes.add(text),
    values,
    has: (measure, target) => values(measure, target).some(Number.isFinite),
    summary: (measure, target) => summarize(values(measure, target)),
    added: (measure, target, base) => summarize(paired(measure, target, base, (own, other) => own - other)),
    ratio(measure, target, base, less) {
      if (less === undefined) return summarize(paired(measure, target, base, (own, other) => own / other));
      const own = summarize(paired(measure, target, less, (value, floor) => value - floor));
      const other = summarize(paired(measure, base, less, (value, floor) => value - floor));
      // What a pipe adds is a fraction of a millisecond: a round's quotient of two such differences would be noise.
      if (own === null || other === null || other.median <= 0) return null;
      return { median: own.median / other.median, spread: own.spread / other.median, rounds: own.rounds };
    },
    add(measure, target, round, value) {
      const key = `${measure} ${target}`;
      const list = all.get(key) ?? [];
      // A round that failed leaves no number, so that the others keep their place.
      while (list.length < round) list.push(Number.NaN);
      list[round] = value;
      all.set(key, list);
    },
  };
}
