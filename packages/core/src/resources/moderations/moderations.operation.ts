import { jsonOperation } from "../../operation.ts";
import { moderationRequest } from "./moderations.schema.ts";
import { createModeration, DEFAULT_MODEL } from "./moderations.service.ts";

export const createModerationOperation = jsonOperation({
  id: "createModeration",
  method: "POST",
  path: "/moderations",
  summary: "Says whether texts and images may be harmful, and how.",
  reference: "https://platform.openai.com/docs/api-reference/moderations/create",
  auth: "key",
  streams: false,
  // Room for an image sent as a data URL.
  body: { schema: moderationRequest, maxBytes: 32 * 1024 * 1024 },
  spends: ({ model = DEFAULT_MODEL, input }) => ({ kind: "moderations", model, input, maxOutputTokens: 0, answers: 1 }),
  run: createModeration,
});
