import { cosine, embedText } from "../embeddings/embed-text.ts";
import { hash } from "../hash.ts";
import { paragraph } from "./paragraph.ts";
import { smallTalk } from "./small-talk.ts";

/**
 * How a mock continues a text. A prompt that shows a pattern (`Q: … A: …`, `x -> y`) is continued in it, and ends with
 * the answer; any other prompt gets a few sentences.
 */
export function continuation(prompt: string, suffix: string | null | undefined, seed: number): string {
  const patterned = suffix ? null : fromExamples(prompt);
  if (patterned !== null) return (/\s$/.test(prompt) ? "" : " ") + patterned;
  const known = suffix ? null : smallTalk(prompt);
  if (known) return `\n\n${known}`;
  const text = paragraph(`${prompt.slice(-2000)} ${suffix ?? ""}`, hash(prompt, seed), suffix ? 2 : 4);
  const lead = prompt === "" || /\s$/.test(prompt) ? "" : " ";
  return lead + text + (suffix && !/^\s/.test(suffix) ? " " : "");
}

interface Example {
  given: string;
  answer: string;
}

const ARROW = /^(.*?)\s*(->|=>|→|=)\s*(.*)$/;
const QUESTION = /^\s*(?:Q|Question|Input|Text|Review|User|Human|Sentence)\s*:\s*(.*)$/i;
const ANSWER = /^\s*(?:A|Answer|Output|Label|Sentiment|AI|Assistant|Category|Summary)\s*:\s*(.*)$/i;

/** The answer that a prompt's own examples suggest; `null` when it has no open pattern. */
function fromExamples(prompt: string): string | null {
  const lines = prompt
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim() !== "");
  const last = lines.at(-1) ?? "";
  const arrow = ARROW.exec(last);
  if (arrow && arrow[3] === "" && arrow[1]) {
    const examples = lines.slice(0, -1).flatMap((line) => {
      const [, given, sign, answer] = ARROW.exec(line) ?? [];
      return given && answer && sign === arrow[2] ? [{ given: given.trim(), answer: answer.trim() }] : [];
    });
    return examples.length > 0 ? answerLike(examples, arrow[1].trim()) : null;
  }
  if (ANSWER.exec(last)?.[1] !== "") return null;
  const examples: Example[] = [];
  let question: string | null = null;
  for (const line of lines) {
    question = QUESTION.exec(line)?.[1] ?? question;
    const answer = ANSWER.exec(line)?.[1];
    if (question === null || answer === undefined) continue;
    if (answer === "") return answerTo(examples, question);
    examples.push({ given: question.trim(), answer: answer.trim() });
    question = null;
  }
  return null;
}

function answerTo(examples: readonly Example[], question: string): string {
  const known = smallTalk(question);
  if (examples.length > 0) return answerLike(examples, question.trim());
  return known ?? paragraph(question, hash(question), 1);
}

/** The same question's answer, else what one rule makes of every example, else the answer of the most similar one. */
function answerLike(examples: readonly Example[], given: string): string {
  const same = examples.find((example) => example.given === given);
  if (same) return same.answer;
  const rule = rulesFor(examples).find((make) => examples.every((example) => make(example.given) === example.answer));
  if (rule) return rule(given);
  const known = smallTalk(given);
  if (known) return known;
  const vector = embedText(given, NEAREST_DIMENSIONS);
  const ranked = examples
    .map(({ given: other, answer }) => ({ answer, near: cosine(vector, embedText(other, NEAREST_DIMENSIONS)) }))
    .sort((a, b) => b.near - a.near);
  return ranked[0]?.answer ?? "";
}

const NEAREST_DIMENSIONS = 512;

type TextRule = (text: string) => string;

/** Rules that a first example fits; the others decide whether one is meant. */
function rulesFor([first]: readonly Example[]): TextRule[] {
  const rules: TextRule[] = [
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => [...text].reverse().join(""),
    (text) => String([...text].length),
    (text) => text,
  ];
  if (!first) return rules;
  const { given, answer } = first;
  if (answer.startsWith(given)) rules.push((text) => text + answer.slice(given.length));
  if (answer.endsWith(given)) rules.push((text) => answer.slice(0, answer.length - given.length) + text);
  const [x, y] = [Number(given), Number(answer)];
  if (given !== "" && Number.isFinite(x) && Number.isFinite(y)) {
    rules.push((text) => String(Number(text) + (y - x)));
    if (x !== 0) rules.push((text) => String(Number((Number(text) * (y / x)).toPrecision(12))));
  }
  return rules;
}
