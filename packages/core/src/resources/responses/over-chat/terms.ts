import { ApiError } from "../../../errors/api-error.ts";

/** Chat's names of what a request calls otherwise here. */
const NAMES: Readonly<Record<string, string>> = {
  logprobs: "top_logprobs",
  max_completion_tokens: "max_output_tokens",
  messages: "input",
  reasoning_effort: "reasoning.effort",
  response_format: "text.format",
  verbosity: "text.verbosity",
};

/** A parameter of chat under the name that the client knows. */
export function termOf(name: string): string {
  return Object.hasOwn(NAMES, name) ? (NAMES[name] as string) : name;
}

/** A refusal that names a parameter of chat, in the client's own terms; anything else as it is. */
export function inTerms(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.param === null) return error;
  const [, name = "", rest = ""] = /^([a-z_]+)(.*)$/.exec(error.param) ?? [];
  const term = termOf(name);
  if (term === name) return error;
  const { status, type, code, headers, cause, message, quoted } = error;
  // Where a message stands in the chat says nothing of where it stands in the input.
  const param = name === "messages" ? term : term + rest;
  const renamed = message.replaceAll(error.param, param);
  return new ApiError({ status, type, code, headers, cause, param, quoted, message: renamed });
}
