import { type Candidate, contextOf } from "./candidate.ts";
import { checkReply, checkRules } from "./check-rules.ts";
import { mismatch, show } from "./match.ts";
import type { Reply, ReplyFunction, ReplyStep, Rule } from "./rule.types.ts";
import { mockError, ruleThrew } from "./script-errors.ts";
import { unsuited } from "./suits.ts";

/** What a rule says to a request. */
export interface RuleAnswer {
  rule: string;
  reply: Reply;
}

export interface RuleBook {
  /** Puts rules in front of those that are there. @throws TypeError that names the path of what is wrong */
  add(rules: readonly Rule[]): void;
  /** Forgets every rule but those the book was made with, and starts these anew. */
  reset(): void;
  /** The first rule that matches; `null` when none does. */
  answer(candidate: Candidate): Promise<RuleAnswer> | RuleAnswer | null;
  /** Names of the rules that have answered nothing yet. */
  unused(): string[];
}

interface Entry {
  readonly rule: Rule;
  readonly name: string;
  used: number;
}

export function createRuleBook(initial: readonly Rule[], strict: boolean): RuleBook {
  let numbered = 0;
  const entriesOf = (rules: readonly Rule[], path: string): Entry[] => {
    checkRules(rules, path);
    return rules.map((rule) => ({ rule, name: rule.name ?? `rule ${++numbered}`, used: 0 }));
  };
  let entries = entriesOf(initial, "rules");

  return {
    add(rules) {
      entries = [...entriesOf(rules, "rules"), ...entries];
    },
    reset() {
      numbered = 0;
      entries = entriesOf(initial, "rules");
    },
    unused: () => entries.filter(({ used }) => used === 0).map(({ name }) => name),
    answer(candidate) {
      const misses: string[] = [];
      for (const entry of entries) {
        const { rule, name } = entry;
        const step = stepOf(rule, rule.advance === "step" ? candidate.view.step : entry.used);
        const miss = missOf(entry, step, candidate);
        if (miss === null) {
          const count = entry.used++;
          return typeof step === "function" ? called(name, step, candidate, count) : { rule: name, reply: step };
        }
        if (strict) misses.push(`${name} – ${miss}`);
      }
      if (strict) throw nothingMatched(candidate, misses);
      return null;
    },
  };
}

function missOf({ rule, name, used }: Entry, step: ReplyStep, candidate: Candidate): string | null {
  if (used >= (rule.times ?? Number.POSITIVE_INFINITY)) return "used up";
  try {
    const miss = mismatch(rule.when, candidate, used);
    return miss ?? (typeof step === "function" ? null : unsuited(step, candidate.view.operation));
  } catch (error) {
    throw ruleThrew(name, "when", error);
  }
}

function stepOf({ reply }: Rule, at: number): ReplyStep {
  if (!Array.isArray(reply)) return reply as ReplyStep;
  return reply[Math.min(at, reply.length - 1)] as ReplyStep;
}

async function called(name: string, step: ReplyFunction, candidate: Candidate, count: number): Promise<RuleAnswer> {
  const { view } = candidate;
  try {
    const reply = await step(view.request, contextOf(candidate, count));
    checkReply(reply, "reply");
    const problem = unsuited(reply, view.operation);
    if (problem) throw new TypeError(problem);
    return { rule: name, reply };
  } catch (error) {
    throw ruleThrew(name, "reply", error);
  }
}

function nothingMatched({ view }: Candidate, misses: readonly string[]) {
  const asked = `${view.operation} with model ${view.request.model} and the text ${show(view.user)}`;
  const rules = misses.length > 0 ? misses.map((miss) => `\n  ${miss}`).join("") : " there are none.";
  return mockError(404, "no_matching_rule", `No rule of the mock matches ${asked}. Its rules:${rules}`);
}
