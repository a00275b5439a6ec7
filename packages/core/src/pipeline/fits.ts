import type { z } from "zod";

/** True for a value that a schema surely accepts; false for one that it may refuse. */
export type Fits = (value: unknown) => boolean;

type Def = z.core.$ZodTypes["_zod"]["def"];

const NEVER: Fits = () => false;
const ALWAYS: Fits = () => true;

/**
 * What accepts most good values without asking the schema itself, which makes objects of its own for every value that it looks at: on the way
 * of a chat completion that is 6 % of its time. It knows the kinds of schema that requests are mostly made of, and says false where it does
 * not; then the schema decides, and words what is wrong. Of a value it says nothing but that: schemas of requests only check.
 */
export function fitsOf(schema: z.core.$ZodType): Fits {
  const def = schema._zod.def as Def;
  const checks = (def.checks ?? []).map(checkOf);
  if (checks.includes(NEVER)) return NEVER;
  const fits = kindOf(def);
  const [first, ...more] = checks;
  if (fits === NEVER || first === undefined) return fits;
  if (more.length === 0) return (value) => fits(value) && first(value);
  return (value) => fits(value) && checks.every((check) => check(value));
}

function kindOf(def: Def): Fits {
  switch (def.type) {
    case "any":
    case "unknown":
      return ALWAYS;
    case "string":
      // A format, or coercion: not looked at here.
      return "format" in def || def.coerce ? NEVER : (value) => typeof value === "string";
    case "number":
      if (def.coerce) return NEVER;
      if (!("format" in def)) return (value) => typeof value === "number" && Number.isFinite(value);
      return def.format === "safeint" ? Number.isSafeInteger : NEVER;
    case "boolean":
      return def.coerce ? NEVER : (value) => typeof value === "boolean";
    case "null":
      return (value) => value === null;
    case "literal":
      return oneOf(def.values);
    case "enum":
      return oneOf(Object.values(def.entries));
    case "nullable": {
      const inner = fitsOf(def.innerType);
      return (value) => value === null || inner(value);
    }
    case "optional":
      // What is left out is not asked about.
      return fitsOf(def.innerType);
    case "array": {
      const element = fitsOf(def.element);
      return (value) => {
        if (!Array.isArray(value)) return false;
        // Not `every`, which passes over what is missing.
        for (let i = 0; i < value.length; i++) if (!element(value[i])) return false;
        return true;
      };
    }
    case "record":
      return recordOf(def);
    case "object":
      return objectOf(def);
    case "union":
      return unionOf(def);
    default:
      return NEVER;
  }
}

function oneOf(values: readonly unknown[]): Fits {
  if (values.length === 1) return (value) => value === values[0];
  const all = new Set(values);
  return (value) => all.has(value);
}

function recordOf({ keyType, valueType }: z.core.$ZodRecordDef): Fits {
  const key = keyType._zod.def as Def;
  if (key.type !== "string" || key.checks?.length || "format" in key) return NEVER;
  const fits = fitsOf(valueType);
  return (value) => isPlain(value) && (fits === ALWAYS || Object.values(value).every(fits));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function objectOf({ shape, catchall }: z.core.$ZodObjectDef): Fits {
  // Others than the known keys are let through, unless something is said of them.
  if (catchall && catchall._zod.def.type !== "unknown") return NEVER;
  const fields = Object.entries(shape).map(([name, field]) => ({
    name,
    fits: fitsOf(field),
    required: field._zod.optin !== "optional",
  }));
  return (value) => {
    if (!isPlain(value)) return false;
    for (const { name, fits, required } of fields) {
      const own = value[name];
      if (own === undefined ? required : !fits(own)) return false;
    }
    return true;
  };
}

function unionOf(def: z.core.$ZodUnionDef): Fits {
  const options = def.options.map((option) => ({ option, fits: fitsOf(option) }));
  if (!("discriminator" in def)) {
    return def.inclusive === false ? NEVER : (value) => options.some(({ fits }) => fits(value));
  }
  const name = def.discriminator as string;
  const byValue = new Map<unknown, Fits>();
  for (const { option, fits } of options) {
    for (const value of option._zod.propValues?.[name] ?? []) byValue.set(value, fits);
  }
  return (value) => isPlain(value) && (byValue.get(value[name]) ?? NEVER)(value);
}

function checkOf(check: z.core.$ZodCheck<never>): Fits {
  const def = check._zod.def as z.core.$ZodChecks["_zod"]["def"];
  switch (def.check) {
    case "min_length":
      return (value) => lengthOf(value) >= def.minimum;
    case "max_length":
      return (value) => lengthOf(value) <= def.maximum;
    case "greater_than": {
      const { value: bound, inclusive } = def;
      return (value) => (inclusive ? (value as number) >= (bound as number) : (value as number) > (bound as number));
    }
    case "less_than": {
      const { value: bound, inclusive } = def;
      return (value) => (inclusive ? (value as number) <= (bound as number) : (value as number) < (bound as number));
    }
    case "string_format": {
      const { format, pattern } = def;
      // One with the `g` flag would remember where it was.
      return format === "regex" && pattern && !pattern.global && !pattern.sticky
        ? (value) => pattern.test(value as string)
        : NEVER;
    }
    case "number_format":
      return def.format === "safeint" ? Number.isSafeInteger : NEVER;
    default:
      return NEVER;
  }
}

const lengthOf = (value: unknown): number => (value as { length: number }).length;
