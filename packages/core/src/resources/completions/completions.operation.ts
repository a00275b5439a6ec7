import { jsonOperation } from "../../operation.ts";
import { completionRequest } from "./completions.schema.ts";
import { createCompletion } from "./completions.service.ts";

export const createCompletionOperation = jsonOperation({
  id: "createCompletion",
  method: "POST",
  path: "/completions",
  summary: "Continues a text: text in, text out.",
  reference: "https://platform.openai.com/docs/api-reference/completions/create",
  auth: "key",
  streams: true,
  body: { schema: completionRequest, maxBytes: 8 * 1024 * 1024 },
  run: createCompletion,
});
