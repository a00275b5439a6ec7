import { type Operation, requestSchema } from "@outlet/core";
import fc, { type Arbitrary } from "fast-check";
import { fromSchema, type JsonSchema } from "./from-schema.ts";
import { hostileKey, hostileValue } from "./hostile-values.ts";
import { MEMBERS, Raw, render } from "./render.ts";
import { composed } from "./valid/requests.ts";

/**
 * Bodies that the operation's schema allows; one choice mostly, so that a run asks for thousands and not for millions. One in four is
 * the schema's alone, whose parts may contradict each other.
 */
export function validBody(operation: Operation): Arbitrary<Record<string, unknown>> {
  const schema = requestSchema(operation) as JsonSchema;
  const few = fc.integer({ min: 1, max: 3 });
  return fc.tuple(fromSchema(schema), few, few, fc.nat({ max: 3 })).chain(([generated, n, best_of, careless]) => {
    const body: Record<string, unknown> = { ...(generated as object) };
    if (schema.properties?.model) body.model = "m";
    if ("n" in body) body.n = n;
    if ("best_of" in body) body.best_of = best_of;
    return careless === 0 ? fc.constant(body) : composed(operation, body);
  });
}

/** Characters. */
const LONGEST_LIST = 60_000;
/** Characters of a body that three changes were done to, each of which adds a long list at most. */
export const LONGEST_BODY = 1_000_000;

interface Mutation {
  kind: "replace" | "wrap" | "drop" | "add" | "twice" | "repeat";
  at: number[];
  value: unknown;
  key: string;
  times: number;
}

const at = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });
const mutation: Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("replace", "replace", "replace", "wrap", "drop", "add", "twice", "repeat"),
  at,
  value: hostileValue,
  key: hostileKey,
  times: fc.integer({ min: 2, max: 2_100 }),
});

/** Texts of bodies that were valid before one to three things were done to them. */
export function mutatedBody(operation: Operation): Arbitrary<string> {
  return fc
    .tuple(validBody(operation), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([body, mutations]) => render(mutations.reduce(mutate, structuredClone(body))));
}

function mutate(body: Record<string, unknown>, change: Mutation): Record<string, unknown> {
  let parent: Record<string, unknown> = body;
  let key = pick(body, change.at[0] ?? 0);
  for (const step of change.at.slice(1)) {
    const next = key === undefined ? undefined : parent[key];
    if (typeof next !== "object" || next === null || next instanceof Raw || Object.keys(next).length === 0) break;
    parent = next as Record<string, unknown>;
    key = pick(parent, step);
  }
  if (key === undefined) return body;
  if (change.kind === "replace") set(parent, key, change.value);
  else if (change.kind === "wrap") set(parent, key, [parent[key]]);
  else if (change.kind === "drop") delete parent[key];
  else if (change.kind === "repeat") set(parent, key, repeated(parent[key], change.times));
  else {
    const name = change.kind === "twice" ? key : change.key;
    const target = parent as { [MEMBERS]?: string[] };
    target[MEMBERS] = [...(target[MEMBERS] ?? []), `${JSON.stringify(name)}:${render(change.value)}`];
  }
  return body;
}

/** As text: a later change to one shared item would be a change to every copy, and lists in lists would multiply. */
function repeated(item: unknown, times: number): Raw[] {
  const text = render(item);
  return Array(Math.min(times, Math.ceil(LONGEST_LIST / text.length))).fill(new Raw(text));
}

function pick(value: object, step: number): string | undefined {
  const keys = Object.keys(value);
  return keys[step % (keys.length || 1)];
}

/** Assignment would call the setter of `__proto__`. */
function set(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
