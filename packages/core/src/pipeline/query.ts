import { z } from "zod";
import { invalidRequest } from "../errors/catalogue.ts";
import type { Query } from "../operation.ts";

const MAX_SEARCH_LENGTH = 16_384;
const MAX_VALUES = 256;

/**
 * Reads a query string by the operation's schema: `limit=20` is a number and `stream=true` a boolean where the schema says
 * so, `include[]=a&include[]=b` and `include=a&include=b` are lists, `metadata[k]=v` is a map. Parameters that
 * the operation does not have are ignored: clients add their own (`api-version`).
 * @throws ApiError 400 that names the parameter
 */
export function parseQuery(search: string, { schema, validate }: Query): unknown {
  if (search === "") return validated({}, validate);
  if (search.length > MAX_SEARCH_LENGTH) throw invalidRequest("The query string is too long.");
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  const query = new Map<string, unknown>();
  let values = 0;
  for (const [key, text] of new URLSearchParams(search)) {
    values += 1;
    if (values > MAX_VALUES) throw invalidRequest(`The query string has more than ${MAX_VALUES} parameters.`);
    const { name, property } = partsOf(key);
    if (!Object.hasOwn(shape, name)) continue;
    const type = bare(shape[name] as z.ZodType);
    const former = query.get(name);
    if (type instanceof z.ZodArray) {
      const item = typedValue(text, bare(type.element as z.ZodType));
      query.set(name, Array.isArray(former) ? [...former, item] : [item]);
    } else if (property !== "") {
      query.set(name, {
        ...(former as object | undefined),
        [property]: typedValue(text, propertyType(type, property)),
      });
    } else {
      query.set(name, typedValue(text, type));
    }
  }
  return validated(Object.fromEntries(query), validate);
}

function validated(query: Record<string, unknown>, validate: Query["validate"]): unknown {
  validate(query);
  return query;
}

/** `metadata[topic]` → `metadata` and `topic`; `include[]` → `include`. */
function partsOf(key: string): { name: string; property: string } {
  const [, name = key, property = ""] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(key) ?? [];
  return { name, property };
}

/** Without `optional`, `nullable` and `default` around it. */
function bare(type: z.ZodType): z.ZodType {
  let inner = type;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function propertyType(type: z.ZodType, property: string): z.ZodType {
  const shape = type instanceof z.ZodObject ? (type.shape as Record<string, z.ZodType>) : {};
  return bare((Object.hasOwn(shape, property) && shape[property]) || z.string());
}

/** What is not the number or boolean that it should be stays a text, for the schema to refuse. */
function typedValue(text: string, type: z.ZodType): unknown {
  if (type instanceof z.ZodNumber) return /^-?\d{1,16}(?:\.\d{1,16})?$/.test(text) ? Number(text) : text;
  if (type instanceof z.ZodBoolean) return text === "true" || (text === "false" ? false : text);
  return text;
}
