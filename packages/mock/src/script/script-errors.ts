import { ApiError } from "@outlet/core";

/** An error of the mock's own, as opposed to one that a script asks for: told in full, and never worth a retry. */
export function mockError(status: number, code: string, message: string, cause?: unknown): ApiError {
  return new ApiError({
    status,
    type: "mock_error",
    code,
    message,
    headers: { "x-should-retry": "false" },
    cause,
  });
}

/** A function of a rule that threw. What it threw on purpose, as an `ApiError`, is the answer. */
export function ruleThrew(rule: string, where: "when" | "reply", error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return mockError(500, "rule_threw", `The ${where} of the mock's ${quoted(rule)} threw: ${detail}`, error);
}

function quoted(rule: string): string {
  return rule.startsWith("rule ") ? rule : `rule "${rule}"`;
}
