import type { Correction } from "../tutor/correction.schema.ts";
import type { Mistake, Phrasebook } from "./phrasebook.ts";

type Found = Omit<Correction, "words">;

/** Corrects what the phrasebook knows to be wrong, and nothing else. */
export function correct(text: string, book: Phrasebook, languageName: string): Found {
  if (isEnglish(text)) {
    const why = `This is English. When you miss a word, ask for it in ${languageName}.`;
    return { corrected: book.stuck, mistakes: [{ original: text, correction: book.stuck, explanation: why }] };
  }
  const found: Found = { corrected: text, mistakes: [] };
  for (const mistake of [...book.mistakes, ...accents(book), ...capitals(book)]) apply(mistake, found);
  if (book.code === "es") openQuestions(found);
  return found;
}

function apply({ wrong, right, why }: Mistake, found: Found): void {
  const match = wrong.exec(found.corrected);
  if (!match) return;
  const [original] = match;
  const correction = likeFirst(original.replace(wrong, right), original);
  if (correction === original) return;
  found.corrected = found.corrected.replace(original, () => correction);
  found.mistakes.push({ original, correction, explanation: why });
}

function accents({ accented }: Phrasebook): Mistake[] {
  return accented.map((word) => ({
    wrong: wholeWord(withoutAccents(word), "i"),
    right: word,
    why: `The marks belong to the spelling: “${word}”.`,
  }));
}

function capitals({ nouns = [] }: Phrasebook): Mistake[] {
  return nouns.map((noun) => ({
    wrong: wholeWord(noun.toLowerCase(), ""),
    right: noun,
    why: "Every noun begins with a capital letter.",
  }));
}

/** Spanish alone opens its questions. */
function openQuestions(found: Found): void {
  const question = /(?<=^|[.!?] +)([^.!?¿]+)\?/.exec(found.corrected)?.[0];
  if (!question) return;
  const correction = `¿${question}`;
  found.corrected = found.corrected.replace(question, () => correction);
  found.mistakes.push({ original: question, correction, explanation: "A question opens with ¿, too." });
}

/** `\b` takes letters with accents for the end of a word. */
function wholeWord(word: string, flags: string): RegExp {
  return new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, `u${flags}`);
}

function withoutAccents(word: string): string {
  return word.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss");
}

function likeFirst(text: string, sample: string): string {
  const [first = ""] = sample;
  return first !== first.toLowerCase() ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

const ENGLISH = /\b(the|am|my|you|your|like|have|what|how|please|thank|hello|and|don't|know|english)\b/gi;

/** Two small English words: one alone is a word of some other language, too. */
function isEnglish(text: string): boolean {
  return new Set(text.toLowerCase().match(ENGLISH)).size >= 2;
}
