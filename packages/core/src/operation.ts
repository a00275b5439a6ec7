import type { z } from "zod";
import type { Call } from "./call.ts";
import type { Reply } from "./http/exchange.ts";
import type { Spending } from "./ledger/estimate.ts";
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
  /** Which kind of key opens it: a project's, or an admin's. */
  readonly auth: "key" | "admin";
  /** True when it can answer with server-sent events. */
  readonly streams: boolean;
  /** Query parameters it takes, by name; `null` for none. Others are ignored. */
  readonly query: Query | null;
  readonly body: JsonBody | null;
  /** What a request asks of a model, reserved before it runs; `null` for operations that ask none. */
  readonly spends: ((body: unknown) => Spending) | null;
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

type Described = Omit<Operation, "query" | "body" | "spends" | "run">;

interface JsonOperation<Schema extends z.ZodObject, QuerySchema extends z.ZodObject> extends Described {
  readonly query?: QuerySchema;
  readonly body: { readonly schema: Schema; readonly maxBytes: number };
  readonly spends?: (body: z.infer<Schema>) => Spending;
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
    spends: (operation.spends as Operation["spends"]) ?? null,
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
  const run = operation.run as Operation["run"];
  return { ...operation, query: queryOf(operation.query), body: null, spends: null, run };
}

function queryOf(schema: z.ZodObject | undefined): Query | null {
  return schema ? { schema, validate: createValidate(schema) } : null;
}
