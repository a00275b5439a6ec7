import { type PatternNode, parsePattern } from "./pattern-parser.ts";

/**
 * Regular expressions that clients write and models answer to: matched by following all states at once, never by going
 * back, so that no pattern takes more than its states times the text's length.
 */
export interface Pattern {
  /**
   * @param budget steps that may be taken, fewer after the call; shared by all texts that are to be matched in one go
   * @throws RangeError when the budget is used up
   */
  matches(text: string, budget?: { steps: number }): boolean;
}

type Assertion = Extract<PatternNode, { kind: "assertion" }>["assertion"];
type Instruction =
  | { op: "character"; test: (character: string) => boolean }
  | { op: "split"; to: readonly number[] }
  | { op: "jump"; to: number }
  | { op: "assert"; assertion: Assertion }
  | { op: "look"; negative: boolean; program: Program }
  | { op: "match" };
type Program = Instruction[];

const MAX_STATES = 5000;
const MAX_STEPS = 1_000_000;

/** @throws SyntaxError, worded for whoever wrote the pattern. */
export function compilePattern(source: string): Pattern {
  const budget = { states: MAX_STATES };
  const program = compiled(parsePattern(source), budget);
  return {
    matches: (text, budget = { steps: MAX_STEPS }) =>
      run(program, Array.from(text), 0, false, { budget, looked: new Map() }),
  };
}

function compiled(node: PatternNode, budget: { states: number }): Program {
  const program: Program = [];
  emit(node, program, budget);
  program.push({ op: "match" });
  return program;
}

function emit(node: PatternNode, program: Program, budget: { states: number }): void {
  budget.states -= 1;
  if (budget.states < 0) throw new SyntaxError("it repeats too much");
  switch (node.kind) {
    case "character":
      program.push({ op: "character", test: node.test });
      return;
    case "assertion":
      program.push({ op: "assert", assertion: node.assertion });
      return;
    case "look":
      program.push({ op: "look", negative: node.negative, program: compiled(node.body, budget) });
      return;
    case "sequence":
      for (const part of node.parts) emit(part, program, budget);
      return;
    case "choice":
      emitChoice(node.branches, program, budget);
      return;
    case "repeat":
      emitRepeat(node, program, budget);
  }
}

function emitChoice(branches: readonly PatternNode[], program: Program, budget: { states: number }): void {
  const split: number[] = [];
  const ends: { op: "jump"; to: number }[] = [];
  program.push({ op: "split", to: split });
  for (const branch of branches) {
    split.push(program.length);
    emit(branch, program, budget);
    const end = { op: "jump" as const, to: 0 };
    ends.push(end);
    program.push(end);
  }
  for (const end of ends) end.to = program.length;
}

function emitRepeat(
  { body, min, max }: Extract<PatternNode, { kind: "repeat" }>,
  program: Program,
  budget: { states: number },
): void {
  for (let i = 0; i < min; i++) emit(body, program, budget);
  if (max === Infinity) {
    const at = program.length;
    const to = [at + 1];
    program.push({ op: "split", to });
    emit(body, program, budget);
    program.push({ op: "jump", to: at });
    to.push(program.length);
    return;
  }
  const skips: number[][] = [];
  for (let i = min; i < max; i++) {
    const to = [program.length + 1];
    skips.push(to);
    program.push({ op: "split", to });
    emit(body, program, budget);
  }
  for (const to of skips) to.push(program.length);
}

interface Matching {
  readonly budget: { steps: number };
  /** What looking ahead has found, by place. */
  looked: Map<Program, Map<number, boolean>>;
}

function run(program: Program, text: readonly string[], from: number, here: boolean, matching: Matching): boolean {
  const seenAt = new Int32Array(program.length).fill(-1);
  matching.budget.steps -= program.length >> 3;
  let states: number[] = [];
  for (let at = from; at <= text.length; at++) {
    if (!here || at === from) states.push(0);
    const next: number[] = [];
    for (let state = states.pop(); state !== undefined; state = states.pop()) {
      if (seenAt[state] === at) continue;
      seenAt[state] = at;
      matching.budget.steps -= 1;
      if (matching.budget.steps < 0) throw new RangeError("a pattern took too many steps");
      const instruction = program[state] as Instruction;
      if (instruction.op === "match") return true;
      if (instruction.op === "split") states.push(...instruction.to);
      else if (instruction.op === "jump") states.push(instruction.to);
      else if (instruction.op === "character") {
        if (at < text.length && instruction.test(text[at] as string)) next.push(state + 1);
      } else if (holds(instruction, text, at, matching)) states.push(state + 1);
    }
    if (here && next.length === 0) return false;
    states = next;
  }
  return false;
}

function holds(
  instruction: Extract<Instruction, { op: "assert" | "look" }>,
  text: readonly string[],
  at: number,
  matching: Matching,
): boolean {
  if (instruction.op === "look") {
    return looksLike(instruction.program, text, at, matching) !== instruction.negative;
  }
  if (instruction.assertion === "start") return at === 0;
  if (instruction.assertion === "end") return at === text.length;
  const boundary = isWord(text[at - 1]) !== isWord(text[at]);
  return boundary === (instruction.assertion === "boundary");
}

function looksLike(program: Program, text: readonly string[], at: number, matching: Matching): boolean {
  const found = matching.looked.get(program) ?? new Map<number, boolean>();
  matching.looked.set(program, found);
  const known = found.get(at);
  if (known !== undefined) return known;
  const matches = run(program, text, at, true, matching);
  found.set(at, matches);
  return matches;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character);
}
