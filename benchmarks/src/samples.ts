import { type Summary, summarize } from "./stats.ts";

/** Every number that was measured: measure → target → round. */
export interface Samples {
  add(measure: string, target: string, round: number, value: number): void;
  has(measure: string, target: string): boolean;
  values(measure: string, target: string): number[];
  summary(measure: string, target: string): Summary | null;
  /** Each round beside the same round of another target, so that what slowed both down falls out. */
  ratio(measure: string, target: string, base: string): Summary | null;
  /** Something that the reader of the table has to know. */
  note(text: string): void;
  readonly notes: ReadonlySet<string>;
}

export function createSamples(): Samples {
  const all = new Map<string, number[]>();
  const notes = new Set<string>();
  const values = (measure: string, target: string) => all.get(`${measure} ${target}`) ?? [];
  return {
    notes,
    note: (text) => void notes.add(text),
    values,
    has: (measure, target) => values(measure, target).some(Number.isFinite),
    summary: (measure, target) => summarize(values(measure, target)),
    ratio(measure, target, base) {
      const others = values(measure, base);
      return summarize(values(measure, target).map((own, round) => own / (others[round] ?? Number.NaN)));
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
