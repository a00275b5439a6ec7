import { type Engine, moderationInputs, moderationVerdict } from "@outlet/core";

/** An engine that takes every parameter and counts how often it is reached. */
export function countingEngine() {
  const seen = { calls: 0 };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const head = { id: "x", created: 0, model: "m", usage };
  const engine: Engine = {
    specificationVersion: "v1",
    chat() {
      seen.calls += 1;
      const message = { role: "assistant" as const, content: "{}", refusal: null };
      return {
        ...head,
        object: "chat.completion",
        choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
      };
    },
    complete() {
      seen.calls += 1;
      return {
        ...head,
        object: "text_completion",
        choices: [{ index: 0, text: "x", logprobs: { token_logprobs: [-1] }, finish_reason: "stop" }],
      };
    },
    embed({ input }) {
      seen.calls += 1;
      const many = Array.isArray(input) && typeof input[0] !== "number" ? input.length : 1;
      const data = Array.from({ length: many }, (_, index) => ({
        object: "embedding" as const,
        index,
        embedding: [0.5, -1],
      }));
      return { object: "list", model: "m", data };
    },
    moderate({ model, input }) {
      seen.calls += 1;
      return { results: moderationInputs(input).map((parts) => moderationVerdict({ model, parts, scores: {} })) };
    },
  };
  return { engine, seen };
}
