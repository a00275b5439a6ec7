import { jsonOperation } from "../../operation.ts";
import { embeddingRequest } from "./embeddings.schema.ts";
import { createEmbedding } from "./embeddings.service.ts";

export const createEmbeddingOperation = jsonOperation({
  id: "createEmbedding",
  method: "POST",
  path: "/embeddings",
  summary: "Turns texts into vectors.",
  reference: "https://platform.openai.com/docs/api-reference/embeddings/create",
  auth: "key",
  streams: false,
  body: { schema: embeddingRequest, maxBytes: 8 * 1024 * 1024 },
  spends: ({ model, input }) => ({ kind: "embeddings", model, input, maxOutputTokens: 0, answers: 1 }),
  run: createEmbedding,
});
