export interface Operation {
  /** `gen_ai.operation.name` */
  readonly name: string;
  /** `openai.api.type` */
  readonly api?: string;
}

/** What operations are called by the conventions. https://github.com/open-telemetry/semantic-conventions-genai */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  createChatCompletion: { name: "chat", api: "chat_completions" },
  createResponse: { name: "chat", api: "responses" },
  Compactconversation: { name: "chat", api: "responses" },
  createCompletion: { name: "text_completion" },
  createEmbedding: { name: "embeddings" },
};

/** Null for operations that ask no model, or that the conventions do not know. */
export function operationOf(operationId: string | null): Operation | null {
  return operationId !== null && Object.hasOwn(OPERATIONS, operationId) ? (OPERATIONS[operationId] ?? null) : null;
}

/** Seconds and tokens, as the conventions want them bucketed. */
export const BUCKETS = {
  duration: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  firstToken: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  perToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  tokens: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
};
