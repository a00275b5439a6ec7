import { bodyOf, type Candidate, contextOf, headersOf } from "./candidate.ts";
import type { IdPattern, Matcher, MatchFields, TextPattern } from "./rule.types.ts";

/**
 * `null` when everything matches, else what did not, for people.
 * @param count how many requests the rule has answered before
 */
export function mismatch(matcher: Matcher | undefined, candidate: Candidate, count: number): string | null {
  if (matcher === undefined) return null;
  const { view } = candidate;
  if (typeof matcher === "function") return predicateCheck(matcher, candidate, count, "its predicate said no");
  if (typeof matcher === "string" || matcher instanceof RegExp) return userCheck(matcher, view.user);
  for (const [field, check] of CHECKS) {
    const problem = matcher[field] === undefined ? null : check(matcher as Required<MatchFields>, candidate, count);
    if (problem) return problem;
  }
  return null;
}

type Check = (fields: Required<MatchFields>, candidate: Candidate, count: number) => string | null;

const CHECKS: readonly (readonly [keyof MatchFields, Check])[] = [
  ["operation", (f, { view }) => unless(f.operation === view.operation, "operation", f.operation, view.operation)],
  ["model", (f, { view }) => unless(isId(f.model, view.request.model), "model", f.model, view.request.model)],
  ["turn", (f, { view }) => unless(f.turn === view.turn, "turn", f.turn, view.turn)],
  ["step", (f, { view }) => unless(f.step === view.step, "step", f.step, view.step)],
  ["user", (f, { view }) => userCheck(f.user, view.user)],
  ["system", (f, { view }) => unless(hasText(f.system, view.system), "system", f.system, view.system)],
  [
    "message",
    (f, { view }) =>
      unless(
        view.texts.some((text) => hasText(f.message, text)),
        "message",
        f.message,
        view.texts,
      ),
  ],
  [
    "tool",
    (f, { view }) =>
      unless(
        view.toolNames.some((name) => isId(f.tool, name)),
        "tool",
        f.tool,
        view.toolNames,
      ),
  ],
  ["toolResult", toolResultCheck],
  ["header", headerCheck],
  ["body", (f, candidate) => partialMismatch(f.body, bodyOf(candidate), "body")],
  ["where", (f, candidate, count) => predicateCheck(f.where, candidate, count, "where: its predicate said no")],
];

function userCheck(pattern: TextPattern, user: string): string | null {
  return unless(hasText(pattern, user), "user", pattern, user);
}

function predicateCheck(
  predicate: MatchFields["where"] & {},
  candidate: Candidate,
  count: number,
  problem: string,
): string | null {
  return predicate(candidate.view.request, contextOf(candidate, count)) ? null : problem;
}

function toolResultCheck({ toolResult: wanted }: Required<MatchFields>, { view }: Candidate): string | null {
  const results = view.toolResults;
  if (typeof wanted === "boolean")
    return unless(results.length > 0 === wanted, "toolResult", wanted, results.length > 0);
  const fields = typeof wanted === "string" || wanted instanceof RegExp ? { text: wanted } : wanted;
  const { name, id, text } = fields as { name?: IdPattern; id?: IdPattern; text?: TextPattern };
  const found = results.some(
    (result) =>
      (name === undefined || isId(name, result.name)) &&
      (id === undefined || isId(id, result.id)) &&
      (text === undefined || hasText(text, result.text)),
  );
  return unless(found, "toolResult", wanted, results);
}

function headerCheck({ header }: Required<MatchFields>, candidate: Candidate): string | null {
  const headers = headersOf(candidate);
  for (const [name, pattern] of Object.entries(header)) {
    const value = headers[name.toLowerCase()];
    if (value === undefined || !hasText(pattern, value)) return unless(false, `header ${name}`, pattern, value);
  }
  return null;
}

function isId(pattern: IdPattern, value: string): boolean {
  return typeof pattern === "string" ? pattern === value : test(pattern, value);
}

function hasText(pattern: TextPattern, value: string): boolean {
  if (typeof pattern !== "string") return test(pattern, value);
  return value.includes(pattern) || value.toLowerCase().includes(pattern.toLowerCase());
}

/** A RegExp with `g` or `y` remembers where it stopped; a rule must not. */
function test(pattern: RegExp, value: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(value);
}

function partialMismatch(wanted: unknown, actual: unknown, path: string): string | null {
  if (wanted instanceof RegExp) return unless(typeof actual === "string" && test(wanted, actual), path, wanted, actual);
  if (typeof wanted !== "object" || wanted === null) return unless(Object.is(wanted, actual), path, wanted, actual);
  if (typeof actual !== "object" || actual === null) return unless(false, path, wanted, actual);
  for (const [key, value] of Object.entries(wanted)) {
    const inner = Array.isArray(wanted) ? `${path}[${key}]` : `${path}.${key}`;
    const found = Object.hasOwn(actual, key) ? (actual as Record<string, unknown>)[key] : undefined;
    const problem = partialMismatch(value, found, inner);
    if (problem) return problem;
  }
  return null;
}

function unless(matches: boolean, field: string, wanted: unknown, actual: unknown): string | null {
  return matches ? null : `${field}: wanted ${show(wanted)}, but got ${show(actual)}`;
}

const MAX_SHOWN = 120;

/** A value in an error message, patterns included, cut to a readable length. */
export function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner) =>
    inner instanceof RegExp ? String(inner) : typeof inner === "function" ? "(function)" : inner,
  );
  if (text === undefined) return "nothing";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
