import { z } from "zod";
import type { Operation } from "./operation.ts";

/** The JSON Schema of an operation's request body, for OpenAPI documents; `null` when it has none. */
export function requestSchema(operation: Operation): Record<string, unknown> | null {
  if (!operation.body) return null;
  const { $schema: _dialect, ...schema } = z.toJSONSchema(operation.body.schema, {
    io: "input",
    unrepresentable: "any",
  });
  return schema;
}
