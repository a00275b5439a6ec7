import type { Operation } from "./operation.ts";
import { createChatCompletionOperation } from "./resources/chat/completions/chat-completions.operation.ts";
import { createCompletionOperation } from "./resources/completions/completions.operation.ts";
import { createEmbeddingOperation } from "./resources/embeddings/embeddings.operation.ts";
import {
  deleteModelOperation,
  listModelsOperation,
  retrieveModelOperation,
} from "./resources/models/models.operation.ts";

/** Every operation an outlet answers, in the API reference's order. */
export const operations: readonly Operation[] = [
  createChatCompletionOperation,
  createEmbeddingOperation,
  listModelsOperation,
  retrieveModelOperation,
  deleteModelOperation,
  createCompletionOperation,
];
