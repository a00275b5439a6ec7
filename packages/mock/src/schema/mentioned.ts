import { isStopWord } from "../answer/words.ts";

/** True when a text has a value's words in it, `snake_case` read as words. */
export function mentioned(value: string, text: string): boolean {
  const words = value.replaceAll(/[_-]+/g, " ").trim().toLowerCase();
  if (words.length === 0) return false;
  const at = text.toLowerCase();
  for (let found = at.indexOf(words); found >= 0; found = at.indexOf(words, found + 1)) {
    if (!isLetter(at[found - 1]) && !isLetter(at[found + words.length])) return true;
  }
  return false;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

const QUOTED = /["“]([^"”]{1,200})["”]|(?<![\p{L}\p{N}])'([^']{1,200})'/gu;
const PROPER_NAME = /(?<![.!?]\s)(?<!^)(?<![\p{L}\p{N}'’])\p{Lu}[\p{L}\p{N}'’-]*(?:\s+\p{Lu}[\p{L}\p{N}'’-]*)*/gu;
const AFTER_PREPOSITION =
  /\b(?:in|at|near|for|about|to|from|of|named|called)\s+(?:the\s+|an?\s+|my\s+)?([\p{L}\p{N}][\p{L}\p{N}'’-]*)/giu;

/** What a text seems to name, likeliest first: quotations, proper names, what follows a preposition. */
export function namesIn(text: string): string[] {
  const quoted = [...text.matchAll(QUOTED)].map(([, double, single]) => double ?? single ?? "");
  const proper = [...text.matchAll(PROPER_NAME)]
    .map(([name]) => name)
    .filter((name) => name !== "I" && !/^I['’]/.test(name));
  const after = [...text.matchAll(AFTER_PREPOSITION)]
    .map(([, word]) => word ?? "")
    .filter((word) => word.length > 1 && !isStopWord(word));
  return [...new Set([...quoted, ...proper, ...after])];
}

export function numbersIn(text: string): number[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}.-])-?\d{1,15}(?:\.\d{1,10})?(?![\p{L}\p{N}])/gu)].map(([digits]) =>
    Number(digits),
  );
}
