/** What a schema adds up to, against the limits of https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
export interface Tally {
  properties: number;
  enumValues: number;
  /** In names of properties and definitions, and in the values of `enum` and `const`. */
  characters: number;
  depth: number;
}

const MAX_PROPERTIES = 5000;
const MAX_DEPTH = 10;
const MAX_CHARACTERS = 120_000;
const MAX_ENUM_VALUES = 1000;
/** An enum with more values than this is held to a length of its own. */
const LARGE_ENUM = 250;
const MAX_LARGE_ENUM_CHARACTERS = 15_000;

const ADVICE = "Consider reducing the number of enums, or opt out of structured outputs by setting 'strict: false'.";

export function newTally(): Tally {
  return { properties: 0, enumValues: 0, characters: 0, depth: 0 };
}

/** Objects and arrays are levels; an alternative stands where its `anyOf` stands. Gives the level of what is inside. */
export function tallyNode(tally: Tally, types: readonly string[], depth: number): number {
  const level = types.includes("object") || types.includes("array") ? depth + 1 : depth;
  tally.depth = Math.max(tally.depth, level);
  return level;
}

export function tallyName(tally: Tally, name: unknown): void {
  if (typeof name === "string") tally.characters += name.length;
}

export function tallyEnum(tally: Tally, values: readonly unknown[]): string | undefined {
  let characters = 0;
  for (const value of values) if (typeof value === "string") characters += value.length;
  tally.enumValues += values.length;
  tally.characters += characters;
  if (values.length <= LARGE_ENUM || characters <= MAX_LARGE_ENUM_CHARACTERS) return undefined;
  const most = `Expected at most ${MAX_LARGE_ENUM_CHARACTERS} total characters across enum values`;
  return `${most} when there are more than ${LARGE_ENUM} enum values, but received ${characters}. ${ADVICE}`;
}

export function limitProblem({ properties, enumValues, characters, depth }: Tally): string | undefined {
  if (depth > MAX_DEPTH) return `${depth} levels of nesting exceeds limit of ${MAX_DEPTH}.`;
  if (properties > MAX_PROPERTIES) return `${properties} parameters exceeds limit of ${MAX_PROPERTIES}.`;
  if (enumValues > MAX_ENUM_VALUES) {
    const most = `Expected at most ${MAX_ENUM_VALUES} enum values in total within a single schema`;
    return `${most} when using structured outputs, but received ${enumValues}. ${ADVICE}`;
  }
  if (characters > MAX_CHARACTERS) {
    const most = `Expected at most ${MAX_CHARACTERS} characters of names and values in total within a single schema`;
    return `${most}, but received ${characters}.`;
  }
  return undefined;
}
