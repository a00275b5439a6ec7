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
  readonly body: JsonBody | null;
  readonly run: (call: Call) => Promise<Reply>;
}

export interface JsonBody {
  readonly contentType: "application/json";
  readonly schema: z.ZodObject;
  readonly validate: Validate;
  /** Largest accepted body, in bytes. */
  readonly maxBytes: number;
}

interface JsonOperation<Schema extends z.ZodObject> extends Omit<Operation, "body" | "run"> {
  readonly body: { readonly schema: Schema; readonly maxBytes: number };
  readonly run: (call: Call<z.infer<Schema>>) => Promise<Reply>;
}

/** An operation whose request is a JSON body, typed by its schema. */
export function jsonOperation<Schema extends z.ZodObject>(operation: JsonOperation<Schema>): Operation {
  return {
    ...operation,
    body: { contentType: "application/json", validate: createValidate(operation.body.schema), ...operation.body },
    // The pipeline runs an operation only after its own schema accepted the body.
    run: operation.run as Operation["run"],
  };
}

/** An operation without a request body. */
export function bareOperation(operation: Omit<Operation, "body">): Operation {
  return { ...operation, body: null };
}
