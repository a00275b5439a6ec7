import type { Spending } from "../../ledger/estimate.ts";
import type { ResponseRequest } from "./responses.schema.ts";

type Asked = Pick<ResponseRequest, "instructions" | "tools" | "max_output_tokens" | "background"> & {
  model?: string | undefined;
};

/** What a response may come to: of the request alone, or of all that its model is asked about, where that is known. */
export function responseSpending(request: Asked & { input?: unknown }, input: unknown = request.input): Spending {
  return {
    kind: "completions",
    model: request.model ?? "",
    input: [request.instructions, request.tools, input],
    maxOutputTokens: request.max_output_tokens ?? null,
    answers: 1,
    deferred: request.background === true,
  };
}
