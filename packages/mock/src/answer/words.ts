const STOP_WORDS = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being but by can could did do " +
    "does doing don down each else few for from further get give had has have he her here hers him his how i if in into " +
    "is it its just know let like make many me might more most my need no nor not now of off on once only or other our " +
    "out over own please same shall she should so some such tell than thanks that the their them then there these they " +
    "this those through to too under until up us use using very want was way we were what when where which while who " +
    "whom whose why will with would you your yours write explain show help hello hi hey one two list ways tips ideas steps please tell without within best good"
  ).split(" "),
);

/** Words of a text, in order, as they are written. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

const SUFFIXES = [
  "ations",
  "ation",
  "ingly",
  "ings",
  "edly",
  "ness",
  "ment",
  "ing",
  "ies",
  "ied",
  "est",
  "ers",
  "ed",
  "er",
  "es",
  "ly",
  "s",
  "e",
  "y",
];

/** A word without its commonest English ending: enough to bring `running`, `runs` and `run` together. */
export function stemOf(word: string): string {
  for (const suffix of SUFFIXES) {
    if (word.length - suffix.length < 3 || !word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    const doubled = stem.length > 3 && stem.at(-1) === stem.at(-2) && !/[lsz]$/.test(stem);
    return doubled ? stem.slice(0, -1) : stem;
  }
  return word;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
