import { jsonOperation } from "../../../operation.ts";
import { MAX_SUMMARY } from "../compaction/summarise.ts";
import { responseSpending } from "../responses.spending.ts";
import { compactRequest } from "./compact.schema.ts";
import { compactConversation } from "./compact.service.ts";

export const compactConversationOperation = jsonOperation({
  id: "Compactconversation",
  method: "POST",
  path: "/responses/compact",
  summary: "Makes a long conversation short, to go on with.",
  reference: "https://platform.openai.com/docs/api-reference/responses/compact",
  auth: "key",
  streams: false,
  body: { schema: compactRequest, maxBytes: 50 * 1024 * 1024 },
  spends: ({ model, ...asked }) => responseSpending({ ...asked, model: model ?? "", max_output_tokens: MAX_SUMMARY }),
  run: compactConversation,
});
