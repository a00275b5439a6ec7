import type { Call } from "../../../call.ts";
import { askChat } from "../../../chat/ask-chat.ts";
import { assembleCompletion, newCompletionIdentity } from "../../../chat/assemble-completion.ts";
import { assertChatFits } from "../../../chat/chat-fits.ts";
import { requestWithout } from "../../../engine/parameters.ts";
import { relay } from "../../../engine/relay.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { checkChatInputs, refuseUnseen, withImageData } from "../../../inputs/chat-inputs.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { resolveModel } from "../../../models/resolve-model.ts";
import { eventStreamReply, jsonReply } from "../../../pipeline/reply.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import { createChatEvents } from "./chat-completions.stream.ts";
import { storedWhenDone } from "./stored-completions.keep.ts";

/** What the outlet does itself, and no engine is told of. */
const STORING = ["store", "metadata"];

/** https://platform.openai.com/docs/api-reference/chat/create */
export async function createChatCompletion(call: Call<ChatCompletionRequest>): Promise<Reply> {
  const request = call.body;
  const target = resolveModel(call, request.model);
  refuseContradictions(request);
  refuseUnseen(request.messages, target.capabilities);
  assertChatFits(call, target, request);
  if (target.engine.forward && target.capabilities.chat !== false && !request.store) {
    return relay(await withImages(call, target), target);
  }
  if (!target.engine.forward) checkChatInputs(request.messages, request.model);

  const identity = newCompletionIdentity();
  const pieces = request.store
    ? storedWhenDone(askChat(requestWithout(request, STORING), target, call), call, identity)
    : askChat(request, target, call);
  if (request.stream) return eventStreamReply(call, pieces, createChatEvents(request, identity));
  return jsonReply(await assembleCompletion(pieces, request, identity));
}

/** A far side that needs bytes gets another body than the client sent; any other gets that. */
async function withImages(call: Call<ChatCompletionRequest>, { engine }: ResolvedModel): Promise<typeof call> {
  const { body, services, context } = call;
  if (engine.images !== "bytes") return call;
  const messages = await withImageData(body.messages, services.fetchImage, context.signal);
  return messages === body.messages ? call : { ...call, body: { ...body, messages }, rawBody: null };
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
