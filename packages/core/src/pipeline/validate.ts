import type { z } from "zod";
import { invalidRequest, missingParameter } from "../errors/catalogue.ts";
import { validationError } from "../errors/validation.ts";
import { type Fits, fitsOf } from "./fits.ts";

/** Checks a body; throws an `ApiError` 400 that names what is wrong. */
export type Validate = (body: unknown) => void;

/**
 * Ends at the first bad item of a list. A body has room for millions of them, and a problem for each would take seconds
 * and gigabytes.
 */
const EARLY: z.core.ParseContextInternal<z.core.$ZodIssue> = { abortEarly: true };

interface Field {
  readonly schema: z.ZodType;
  readonly fits: Fits;
}

interface Table {
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly string[];
}

/**
 * Checks a body parameter by parameter. Requests use few of an operation's many parameters, and only those that are
 * there cost anything: a third of the time that the schema as a whole takes.
 */
export function createValidate(schema: z.ZodObject): Validate {
  let table: Table | undefined;
  return (body) => {
    // At the first request, since a process answers few of the API's operations and starts with all of them.
    table ??= tableOf(schema);
    const { fields, required } = table;
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      const got = body === null ? "null" : Array.isArray(body) ? "an array" : `a ${typeof body}`;
      throw invalidRequest(`Invalid body: expected an object, but got ${got} instead.`);
    }
    const parameters = body as Record<string, unknown>;
    for (const name of required) if (parameters[name] === undefined) throw missingParameter(name);
    for (const name in parameters) {
      const field = fields.get(name);
      const value = parameters[name];
      if (field === undefined || field.fits(value)) continue;
      const { schema } = field;
      const result = schema.safeParse(value, EARLY);
      if (!result.success) throw validationError(result.error.issues, { name, value, schema });
    }
  };
}

function tableOf({ shape }: z.ZodObject): Table {
  const fields = new Map<string, Field>();
  const required: string[] = [];
  for (const [name, schema] of Object.entries(shape as Record<string, z.ZodType>)) {
    fields.set(name, { schema, fits: fitsOf(schema) });
    if (!schema.safeParse(undefined).success) required.push(name);
  }
  return { fields, required };
}
