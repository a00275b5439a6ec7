import type { z } from "zod";
import type { Call } from "./call.ts";
import type { Reply } from "./http/exchange.ts";
import { createValidate, type Validate } from "./pipeline/validate.ts";

/**
 * One operation of the API, as data. Routing, validation, framework controllers, OpenAPI documents and the
 * conformance suite are all derived from it.
 */
export interface Operation {
  /** The reference's `operationId`. */
  readonly id: string;
  readonly method: "GET" | "POST" | "DELETE";
  /** Path below `/v1`; parameters in braces. */
  readonly path: string;
  readonly summary: string;
  /** The page of the API reference that describes it. */
  readonly reference: string;
  /** Which kind of key opens it. */
  readonly auth: "key";
  /** True when it can answer with server-sent events. */
  readonly streams: boolean;
  /** Query parameters it takes, by name; `null` for none. Others are ignored. */
  readonly query: Query | null;
  readonly body: JsonBody | null;
  readonly run: (call: Call) => Promise<Reply>;
}

export interface Query {
  readonly schema: z.ZodObject;
  readonly validate: Validate;
}

export interface JsonBody {
  readonly contentType: "application/json";
  readonly schema: z.ZodObject;
  readonly validate: Validate;
  /** Largest accepted body, in bytes. */
  readonly maxBytes: number;
}

type Described = Omit<Operation, "query" | "body" | "run">;

interface JsonOperation<Schema extends z.ZodObject, QuerySchema extends z.ZodObject> extends Described {
  readonly query?: QuerySchema;
  readonly body: { readonly schema: Schema; readonly maxBytes: number };
  readonly run: (call: Call<z.infer<Schema>, z.infer<QuerySchema>>) => Promise<Reply>;
}

/** An operation whose request is a JSON body, typed by its schema. */
export function jsonOperation<Schema extends z.ZodObject, QuerySchema extends z.ZodObject = z.ZodObject>(
  operation: JsonOperation<Schema, QuerySchema>,
): Operation {
  return {
    ...operation,
    query: queryOf(operation.query),
    body: { contentType: "application/json", validate: createValidate(operation.body.schema), ...operation.body },
    // The pipeline runs an operation only after its own schemas accepted the body and the query.
    run: operation.run as Operation["run"],
  };
}

interface BareOperation<QuerySchema extends z.ZodObject> extends Described {
  readonly query?: QuerySchema;
  readonly run: (call: Call<unknown, z.infer<QuerySchema>>) => Promise<Reply>;
}

/** An operation without a request body. */
export function bareOperation<QuerySchema extends z.ZodObject = z.ZodObject>(
  operation: BareOperation<QuerySchema>,
): Operation {
  return { ...operation, query: queryOf(operation.query), body: null, run: operation.run as Operation["run"] };
}

function queryOf(schema: z.ZodObject | undefined): Query | null {
  return schema ? { schema, validate: createValidate(schema) } : null;
}
