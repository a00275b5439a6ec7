import type { EmbeddingRequest, EngineEmbeddings } from "@outlet/core";
import type { ReplyFields } from "../script/rule.types.ts";
import { mockError } from "../script/script-errors.ts";
import { encodingFor } from "../tokens/encoding.ts";
import { countTokens, decodeTokens } from "../tokens/tokens.ts";
import { dimensionsOf } from "./dimensions.ts";
import { embedText } from "./embed-text.ts";

/** One vector for every input: scripted ones as they are, else vectors in which similar texts are near. */
export function embeddingsFor(request: EmbeddingRequest, reply: ReplyFields): EngineEmbeddings {
  const { input, model } = request;
  const encoding = encodingFor(model);
  const inputs = inputList(input);
  const vectorOf = scripted(reply, inputs.length) ?? computed(request);
  const counted = inputs.reduce<number>(
    (sum, one) => sum + (typeof one === "string" ? countTokens(one, encoding) : one.length),
    0,
  );
  const prompt_tokens = reply.usage?.prompt_tokens ?? counted;
  return {
    object: "list",
    model: reply.model ?? model,
    data: inputs.map((one, index) => ({
      object: "embedding",
      index,
      embedding: vectorOf(typeof one === "string" ? one : decodeTokens(one, encoding), index),
    })),
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  };
}

type VectorOf = (text: string, index: number) => number[];

function computed({ model, dimensions }: EmbeddingRequest): VectorOf {
  const length = dimensionsOf(model, dimensions);
  return (text) => embedText(text, length);
}

function scripted({ embedding }: ReplyFields, inputs: number): VectorOf | null {
  if (embedding === undefined) return null;
  if (typeof embedding[0] === "number" || embedding.length === 0) return () => [...(embedding as number[])];
  const vectors = embedding as readonly (readonly number[])[];
  if (vectors.length !== inputs) {
    throw mockError(500, "wrong_script", `The script gives ${vectors.length} embeddings for ${inputs} inputs.`);
  }
  return (_, index) => [...(vectors[index] ?? [])];
}

function inputList(input: EmbeddingRequest["input"]): (string | number[])[] {
  if (typeof input === "string") return [input];
  return typeof input[0] === "number" ? [input as number[]] : (input as (string | number[])[]);
}
