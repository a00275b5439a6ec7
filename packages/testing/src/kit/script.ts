import {
  type Engine,
  type ModelFunctions,
  moderationInputs,
  moderationVerdict,
  type OutletOptions,
} from "@outlet/core";

/** What each of the kit's models does when it is called. */
export interface Script {
  chat: NonNullable<ModelFunctions["chat"]>;
  text: NonNullable<ModelFunctions["complete"]>;
  vectors: NonNullable<ModelFunctions["embed"]>;
  scores: NonNullable<ModelFunctions["moderate"]>;
  engineChat: NonNullable<Engine["chat"]>;
  engineComplete: NonNullable<Engine["complete"]>;
  engineEmbed: NonNullable<Engine["embed"]>;
  engineModerate: NonNullable<Engine["moderate"]>;
  upstream: NonNullable<Engine["forward"]>;
  /** What the outlet fetches images with. */
  image: NonNullable<OutletOptions["fetchImage"]>;
  /** What the host's own `authenticate` waits for before it names its caller. */
  host: () => Promise<void>;
}

export const ANSWER = "Hello from the kit.";
const PIECES = ["Hello", " from", " the kit."];

/** What the models do when a requirement has no wish of its own. */
export const defaultScript: Script = {
  async *chat() {
    yield* PIECES;
  },
  async *text() {
    yield* PIECES;
  },
  vectors: ({ input, dimensions = 4 }) => input.map((_, index) => vector(index, dimensions)),
  scores: ({ input }) => input.map(() => ({})),
  engineChat: (request) => ({
    id: "chatcmpl-engine",
    object: "chat.completion",
    created: 1,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: ANSWER, refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
  }),
  engineComplete: (request) => ({
    id: "cmpl-engine",
    object: "text_completion",
    created: 1,
    model: request.model,
    choices: [{ index: 0, text: ANSWER, logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
  }),
  engineEmbed: (request) => ({
    object: "list",
    model: request.model,
    data: [{ object: "embedding", index: 0, embedding: vector(0, request.dimensions ?? 4) }],
    usage: { prompt_tokens: 3, total_tokens: 3 },
  }),
  engineModerate: ({ model, input }) => ({
    results: moderationInputs(input).map((parts) => moderationVerdict({ model, parts, scores: { violence: 0.75 } })),
    usage: { prompt_tokens: 3, total_tokens: 3 },
  }),
  upstream: () => Promise.reject(new Error("the requirement has no upstream")),
  image: () => Promise.reject(new Error("kit-secret: the requirement has no images")),
  host: async () => {},
};

/** Values that a float32 holds exactly, so that floats and base64 can be compared for equality. */
export function vector(seed: number, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, i) => (i % 2 === 0 ? 1 : -1) * (seed + 1) * 0.125 * (i + 1));
}
