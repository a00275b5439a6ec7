import { hash } from "../hash.ts";
import { numbersIn } from "./mentioned.ts";
import type { JsonSchema, Place, ValueSource } from "./schema.types.ts";

const USUAL_SPAN = 10;

/** A number within a schema's bounds: one that the text names if it fits, else a small one. */
export function numberFor(schema: JsonSchema, whole: boolean, source: ValueSource, place: Place): number {
  const { low, high } = boundsOf(schema);
  const step = stepOf(schema, whole);
  const fits = (value: number) => value >= low && value <= high && isMultiple(value, step);
  const said = numbersIn(source.text).filter(fits);
  if (said.length > 0) return said[place.index % said.length] as number;
  const first = Number.isFinite(low) ? low : Number.isFinite(high) ? high - USUAL_SPAN : 1;
  const last = Math.min(high, first + Math.max(USUAL_SPAN, (step ?? 0) * USUAL_SPAN));
  if (step === undefined) return betweenDecimals(first, last, hash(place.name, source.seed + place.index), schema);
  const from = Math.ceil(first / step);
  const choices = Math.max(1, Math.floor(last / step) - from + 1);
  const start = (hash(place.name, source.seed) + place.index) % choices;
  const candidates = Array.from({ length: choices }, (_, i) => tidy((from + ((start + i) % choices)) * step));
  // 0.35 / 0.05 is not whole in floating point, and validators divide: a candidate that divides evenly goes first.
  return candidates.find((value) => Number.isInteger(value / step)) ?? (candidates[0] as number);
}

function tidy(value: number): number {
  return Number(value.toPrecision(15));
}

function betweenDecimals(low: number, high: number, seed: number, { exclusiveMaximum }: JsonSchema): number {
  const value = low + (high - low) * ((1 + (seed % 8)) / 10);
  const rounded = Math.round(value * 100) / 100;
  if (rounded >= low && rounded <= high && !(exclusiveMaximum === true && rounded === high)) return rounded;
  return value;
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema) {
  // Draft 4 has the exclusive keywords as booleans, beside the bound itself.
  let low = minimum ?? Number.NEGATIVE_INFINITY;
  let high = maximum ?? Number.POSITIVE_INFINITY;
  if (exclusiveMinimum === true) low = above(low);
  else if (typeof exclusiveMinimum === "number") low = Math.max(low, above(exclusiveMinimum));
  if (exclusiveMaximum === true) high = -above(-high);
  else if (typeof exclusiveMaximum === "number") high = Math.min(high, -above(-exclusiveMaximum));
  return { low, high };
}

function above(bound: number): number {
  return bound + Math.max(Number.EPSILON, Math.abs(bound) * Number.EPSILON * 2);
}

/** Integers are multiples of 1; with a `multipleOf` of their own, of its first multiple that is whole. */
function stepOf({ multipleOf }: JsonSchema, whole: boolean): number | undefined {
  if (!multipleOf) return whole ? 1 : undefined;
  if (!whole) return multipleOf;
  for (let n = 1; n <= 1000; n++) {
    const step = tidy(multipleOf * n);
    if (Number.isInteger(step)) return step;
  }
  return multipleOf;
}

function isMultiple(value: number, step: number | undefined): boolean {
  return step === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-9;
}
