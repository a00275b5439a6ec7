import { hash, pick } from "../hash.ts";
import { topicsOf } from "./topics.ts";
import { capitalized } from "./words.ts";

const OPENERS = [
  "Let us look at {a}.",
  "{A}: a good thing to ask about.",
  "Here is how I would think about {a}.",
  "There is more than one way to go about {a}.",
  "The short version of {a}: a few early decisions, and then patience.",
  "A good place to begin with {a} is what you want from it.",
] as const;

const MIDDLES = [
  "The part that matters most is usually how {a} and {b} fit together.",
  "Start small: take one example of {b}, and see what it tells you about {a}.",
  "Most of the effort tends to go into {b}, so it pays to settle that early.",
  "Should {b} change later, {a} should not have to change as well.",
  "It helps to write down what you already know about {b} before going further.",
  "Keep {a} and {b} apart at first, and join them once each works alone.",
] as const;

const DETAILS = [
  "With {c} in mind, two or three short attempts teach more than one long plan.",
  "As for {c}, measure before you decide: guesses tend to be wrong by a lot.",
  "Should {c} get in the way, make that somebody's explicit job.",
  "Working on {c} looks hard only until there is a first draft.",
  "Leave {c} for the end, when everything else is in place.",
] as const;

const CLOSERS = [
  "Tell me more about what you have in mind, and I can go into detail.",
  "Which of these would you like to look at first?",
  "If you share an example, we can work through it together.",
  "Would a list of steps help?",
  "I can also turn this into a short plan, if you like.",
] as const;

/** A short paragraph about what a message is about, the same for the same seed. */
export function paragraph(text: string, seed: number, sentences: number): string {
  const [a = "this", b = "the details", c = "whatever is left"] = topicsOf(text, 3);
  const fill = (template: string) =>
    template.replace("{A}", capitalized(a)).replaceAll("{a}", a).replaceAll("{b}", b).replaceAll("{c}", c);
  const turn = (salt: number) => hash(`${seed}`, salt);
  const middle = turn(2) % MIDDLES.length;
  const all = [
    pick(OPENERS, turn(1)),
    MIDDLES[middle] as string,
    pick(DETAILS, turn(3)),
    MIDDLES[(middle + 1 + (turn(5) % (MIDDLES.length - 1))) % MIDDLES.length] as string,
    DETAILS[(turn(3) + 1) % DETAILS.length] as string,
  ];
  return [...all.slice(0, Math.max(1, sentences - 1)), pick(CLOSERS, turn(4))].map(fill).join(" ");
}

/** A list of points about what a message is about. */
export function bulletList(text: string, seed: number, points: number): string {
  const [a = "this", ...others] = topicsOf(text, 6);
  const verbs = ["Begin with", "Look closely at", "Write down", "Try out", "Compare", "Come back to"] as const;
  const things = [...others, "what you know already", "a small example", "the result", "what is left"];
  const lines = Array.from({ length: points }, (_, i) => {
    const verb = verbs[(hash(`${seed}`, 7) + i) % verbs.length];
    return `${i + 1}. ${verb} ${things[i % things.length]}.`;
  });
  return `Some points on ${a}:\n\n${lines.join("\n")}`;
}
