import type { Call } from "../../call.ts";
import { parametersToEmulate } from "../../engine/parameters.ts";
import { relay } from "../../engine/relay.ts";
import { modelCannot } from "../../errors/catalogue.ts";
import { untilAborted } from "../../http/abort.ts";
import type { Reply } from "../../http/exchange.ts";
import { meterUsage } from "../../ledger/usage.ts";
import { assertFits } from "../../models/context-window.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { noteSent } from "../../observe/explanation.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import { promptList } from "../prompts.ts";
import { type EmbeddingRequest, embeddingRequest } from "./embeddings.schema.ts";
import { float32Base64 } from "./float32-base64.ts";

const CORE = ["model", "input", "encoding_format"];

/** https://platform.openai.com/docs/api-reference/embeddings/create */
export async function createEmbedding(call: Call<EmbeddingRequest>): Promise<Reply> {
  const { body: request, context, services, receipt } = call;
  const target = resolveModel(call, request.model);
  const { engine } = target;
  assertFits(call, target, { prompt: "input", count: (tokenizer) => longestInput(request.input, tokenizer.count) });
  if (engine.forward) return relay(call, target);
  if (!engine.embed) throw modelCannot(request.model, call.operation.path);
  parametersToEmulate(request, embeddingRequest.shape, engine.honours?.embed, CORE, []);

  const { encoding_format, ...rest } = request;
  receipt.asked = true;
  if (receipt.explained) noteSent(receipt.explained, rest);
  const answer = await untilAborted(
    Promise.resolve(engine.embed({ ...rest, model: target.engineModel }, context)),
    context.signal,
  );
  const usage = answer.usage ?? countInput(request.input, services.tokenizer.count);
  if (!answer.usage) receipt.emulated.add("usage");
  receipt.usage = meterUsage(usage, !answer.usage) ?? null;
  const data = encoding_format === "base64" ? answer.data.map(inBase64) : answer.data;
  return jsonReply({ ...answer, data, usage });
}

function inBase64<Item extends { embedding: number[] }>(item: Item) {
  return { ...item, embedding: float32Base64(item.embedding) };
}

function countInput(input: EmbeddingRequest["input"], count: (text: string) => number) {
  const prompt_tokens = inputCounts(input, count).reduce((sum, tokens) => sum + tokens, 0);
  return { prompt_tokens, total_tokens: prompt_tokens };
}

/** Each input of a list has the model's whole window to itself. */
function longestInput(input: EmbeddingRequest["input"], count: (text: string) => number): number {
  return inputCounts(input, count).reduce((most, tokens) => Math.max(most, tokens), 0);
}

function inputCounts(input: EmbeddingRequest["input"], count: (text: string) => number): number[] {
  return promptList(input).map((one) => (typeof one === "string" ? count(one) : one.length));
}
