import { isStopWord, wordsOf } from "./words.ts";

/** Words that a verb follows: "how do I *bake* bread", "I want to *learn* Go". */
const BEFORE_VERB = new Set("to i you we they can could should would please me us let's not".split(" "));
const MAX_WORDS = 4;

/** What a text seems to be about, in order: runs of words that mean something, verbs in front left off. */
export function topicsOf(text: string, limit: number): string[] {
  const topics = new Map<string, string>();
  const clauses = text.slice(0, 4000).split(/[.,;:!?()\n"“”]+/);
  for (const clause of clauses) {
    for (const run of runsOf(wordsOf(clause))) {
      const key = run.toLowerCase();
      if (!topics.has(key)) topics.set(key, run);
      if (topics.size === limit) return [...topics.values()];
    }
  }
  return [...topics.values()];
}

function runsOf(words: readonly string[]): string[] {
  const runs: string[] = [];
  let run: string[] = [];
  let before = "";
  const finish = () => {
    const verb = BEFORE_VERB.has(before) || (before === "" && runs.length === 0);
    const nouns = run.length > 1 && verb ? run.slice(1) : run;
    const kept = nouns.length > 1 && /ly$/.test(nouns.at(-1) ?? "") ? nouns.slice(0, -1) : nouns;
    if (kept.length > 0) runs.push(kept.slice(0, MAX_WORDS).join(" "));
    run = [];
  };
  for (const word of words) {
    const means = word.length >= 3 && !isStopWord(word);
    if (means) run.push(word);
    else {
      if (run.length > 0) finish();
      before = word.toLowerCase();
    }
  }
  if (run.length > 0) finish();
  return runs;
}
