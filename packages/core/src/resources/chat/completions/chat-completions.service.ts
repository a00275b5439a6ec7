import type { Call } from "../../../call.ts";
import { merge } from "../../../engine/merge.ts";
import { parametersToEmulate, requestWithout } from "../../../engine/parameters.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { relay } from "../../../engine/relay.ts";
import { invalidRequest, modelCannot } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { countChatPrompt } from "../../../ledger/count-chat.ts";
import { UsageMeter } from "../../../ledger/usage-meter.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { eventStreamReply, jsonReply } from "../../../pipeline/reply.ts";
import { assembleCompletion } from "./chat-completions.assemble.ts";
import { chatPieces, cutting, requiringJson, saidIn } from "./chat-completions.choice.ts";
import { type ChatCompletionRequest, chatCompletionRequest } from "./chat-completions.schema.ts";
import { type AnswerPiece, createChatEvents } from "./chat-completions.stream.ts";

/** What core honours in an engine's stead. */
const EMULATED = ["stop", "max_tokens", "max_completion_tokens"];
/** What core sees to itself, whatever the engine: it asks an engine for one choice at a time. */
const CORE = ["model", "messages", "stream", "stream_options", "n"];

/** https://platform.openai.com/docs/api-reference/chat/create */
export async function createChatCompletion(call: Call<ChatCompletionRequest>): Promise<Reply> {
  const request = call.body;
  call.receipt.model = request.model;
  const target = call.services.models.resolve(request.model);
  refuseContradictions(request);
  if (target.engine.forward) return relay(call, target);

  const pieces = answer(call, target);
  if (request.stream) return eventStreamReply(call, pieces, createChatEvents(request));
  return jsonReply(await assembleCompletion(pieces, request));
}

/** The pieces of all choices, interleaved as they arrive; the last batch carries the usage of the whole call. */
async function* answer(call: Call<ChatCompletionRequest>, target: ResolvedModel): AsyncGenerator<Batch<AnswerPiece>> {
  const { body: request, context, services, receipt } = call;
  const { engine, engineModel } = target;
  const chat = engine.chat?.bind(engine);
  if (!chat) throw modelCannot(request.model, call.operation.path);
  const missing = parametersToEmulate(request, chatCompletionRequest.shape, engine.honours?.chat, CORE, EMULATED);
  for (const name of missing) receipt.emulated.add(name);

  const engineRequest = { ...requestWithout(request, ["n", ...missing]), model: engineModel };
  const cut = {
    stop: missing.has("stop") ? [request.stop ?? []].flat() : [],
    maxTokens:
      missing.has("max_tokens") || missing.has("max_completion_tokens")
        ? tokenLimit(request)
        : Number.POSITIVE_INFINITY,
    tokenizer: services.tokenizer,
  };
  const cuts = cut.stop.length > 0 || cut.maxTokens !== Number.POSITIVE_INFINITY;
  const wantsJson = request.response_format !== undefined && request.response_format.type !== "text";

  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => {
    const stages = [...(wantsJson ? [requiringJson()] : []), ...(cuts ? [cutting(cut)] : [])];
    return chatPieces(index, () => chat(engineRequest, context), stages, context);
  });

  const countPrompt = () => countChatPrompt(request.messages, request.tools, services.tokenizer);
  const meter = new UsageMeter({ tokenizer: services.tokenizer, prompts: [countPrompt], promptOf: () => 0 });
  try {
    for await (const batch of merge(choices)) {
      for (const piece of batch) meter.add(piece.index, saidIn(piece), piece.usage);
      yield batch;
    }
    if (meter.estimated) receipt.emulated.add("usage");
    receipt.complete = true;
    yield [{ index: 0, usage: meter.usage(), final: true }];
  } finally {
    receipt.usage = meter.metered();
  }
}

function tokenLimit(request: ChatCompletionRequest): number {
  return request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
}

/** 400s that no schema of single fields can see. */
function refuseContradictions(request: ChatCompletionRequest): void {
  if (request.stream_options && !request.stream) {
    throw invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  if (request.top_logprobs && !request.logprobs) {
    throw invalidRequest("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs");
  }
  if (request.tool_choice && request.tool_choice !== "none" && !request.tools?.length) {
    throw invalidRequest("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
  }
  if (request.function_call && !request.functions) {
    throw invalidRequest("'function_call' is only allowed when 'functions' are specified.", "function_call");
  }
  if (request.max_tokens && request.max_completion_tokens) {
    throw invalidRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      "max_tokens",
    );
  }
}
