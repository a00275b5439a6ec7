import { jsonOperation } from "../../operation.ts";
import { promptList } from "../prompts.ts";
import { completionRequest } from "./completions.schema.ts";
import { createCompletion, DEFAULT_MAX_TOKENS } from "./completions.service.ts";

export const createCompletionOperation = jsonOperation({
  id: "createCompletion",
  method: "POST",
  path: "/completions",
  summary: "Continues a text: text in, text out.",
  reference: "https://platform.openai.com/docs/api-reference/completions/create",
  auth: "key",
  streams: true,
  body: { schema: completionRequest, maxBytes: 8 * 1024 * 1024 },
  spends: ({ model, prompt, max_tokens, n, best_of }) => ({
    kind: "completions",
    model,
    input: prompt,
    maxOutputTokens: max_tokens ?? DEFAULT_MAX_TOKENS,
    answers: promptList(prompt ?? "").length * Math.max(n ?? 1, best_of ?? 1),
  }),
  run: createCompletion,
});
