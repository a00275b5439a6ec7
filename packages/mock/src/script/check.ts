// The few checks that scripts need, with messages that name the path. A check throws a TypeError or returns nothing.

export type Check = (value: unknown, path: string) => void;

export function refuse(path: string, expected: string, value: unknown): never {
  throw new TypeError(`${path}: expected ${expected}, but got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "function" ? "a function" : JSON.stringify(value);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export const string: Check = (value, path) => {
  if (typeof value !== "string") refuse(path, "a string", value);
};

export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") refuse(path, "true or false", value);
};

export const anything: Check = () => {};

export const nullable =
  (check: Check): Check =>
  (value, path) => {
    if (value !== null) check(value, path);
  };

export const integer =
  (minimum: number, maximum = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) => {
    if (!Number.isInteger(value) || (value as number) < minimum || (value as number) > maximum) {
      const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
      refuse(path, `an integer ${range}`, value);
    }
  };

export const number: Check = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) refuse(path, "a number of at least 0", value);
};

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, path) => {
    if (!values.includes(value as string)) refuse(path, values.map((one) => `"${one}"`).join(" or "), value);
  };

export const record =
  (check: Check): Check =>
  (value, path) => {
    if (!isPlainObject(value)) refuse(path, "an object", value);
    for (const [key, item] of Object.entries(value)) check(item, `${path}.${key}`);
  };

/** An object with these keys and no others: a misspelt key would otherwise match or do nothing, in silence. */
export const shape =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isPlainObject(value)) refuse(path, "an object", value);
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (!check) throw new TypeError(`${path}.${key}: unknown key; known keys are ${Object.keys(fields).join(", ")}`);
      if (item !== undefined) check(item, `${path}.${key}`);
    }
    for (const key of required) if (value[key] === undefined) refuse(`${path}.${key}`, "a value", undefined);
  };
