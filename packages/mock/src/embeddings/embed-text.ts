import { isStopWord, stemOf, wordsOf } from "../answer/words.ts";
import { hash } from "../hash.ts";

// Hashed features: words, their stems, pairs of neighbours and groups of three letters. Texts that share them are near;
// that two different words mean the same is not known here.

const WORD = 1;
const STEM = 1;
const PAIR = 0.4;
const LETTERS = 0.8;
/** Words that any text has say little about what it is about. */
const STOP_WORD = 0.15;
const MAX_LENGTH = 40_000;

/** A text as a vector of length 1. */
export function embedText(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const add = (feature: string, weight: number) => {
    const h = hash(feature);
    // Two places for each feature: where two features meet in one place, they seldom meet in the other.
    for (const [at, sign] of [
      [h % dimensions, h & 0x8000],
      [hash(feature, h) % dimensions, h & 0x4000],
    ] as const) {
      vector[at] = (vector[at] as number) + (sign ? weight : -weight);
    }
  };

  let previous = "";
  const words = wordsOf(text.slice(0, MAX_LENGTH).normalize("NFKC").toLowerCase());
  for (const word of words) {
    const common = isStopWord(word) ? STOP_WORD : 1;
    const stem = stemOf(word);
    add(`w:${word}`, WORD * common);
    add(`s:${stem}`, STEM * common);
    addLetters(word, LETTERS * common, add);
    if (previous) add(`p:${previous} ${stem}`, PAIR * common);
    previous = stem;
  }
  // Signs alone, such as an emoji: what they are is all there is.
  if (words.length === 0) for (const character of text.slice(0, 1000)) add(`c:${character}`, 1);
  return normalized(vector);
}

function addLetters(word: string, weight: number, add: (feature: string, weight: number) => void): void {
  const bounded = `^${word}$`;
  const groups = bounded.length - 2;
  if (groups < 1) return;
  for (let i = 0; i < groups; i++) add(`l:${bounded.slice(i, i + 3)}`, weight / Math.sqrt(groups));
}

function normalized(vector: number[]): number[] {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) {
    vector[0] = 1;
    return vector;
  }
  const length = Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] as number;
    if (value !== 0) vector[i] = value / length;
  }
  return vector;
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
