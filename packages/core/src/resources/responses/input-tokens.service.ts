import type { Call } from "../../call.ts";
import { refuseUnknown } from "../../engine/parameters.ts";
import { unsupportedParameter } from "../../errors/catalogue.ts";
import type { Reply } from "../../http/exchange.ts";
import { newId } from "../../ids.ts";
import { countChatPrompt } from "../../ledger/count-chat.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import { openRemoteTools } from "./mcp/remote-tools.ts";
import { checkItemMedia } from "./over-chat/check-media.ts";
import { chatRequest } from "./over-chat/request.ts";
import { modelContext } from "./responses.context.ts";
import { placesOf, readContext } from "./responses.draft.ts";
import { type InputTokensRequest, inputTokensRequest } from "./responses.schema.ts";
import type { InputTokens } from "./responses.types.ts";

/**
 * Counts with the model's own tokenizer, or the outlet's; an estimate is named in `outlet-emulated`.
 * https://platform.openai.com/docs/api-reference/responses/input-tokens
 */
export async function countInputTokens(call: Call<InputTokensRequest>): Promise<Reply> {
  const { body: request, services, receipt } = call;
  refuseUnknown(request, inputTokensRequest.shape);
  const target = request.model ? resolveModel(call, request.model) : null;
  const model = target?.snapshot ?? "";
  if (request.personality !== undefined) throw unsupportedParameter("personality", model);
  const { before, ...own } = await readContext(call, request, newId("resp_"));
  const context = await modelContext(call, before, own.input);
  const asked = { model, instructions: request.instructions, ...(request.tools && { tools: request.tools }) };
  const remote = await openRemoteTools(call, asked, context);
  await remote?.close();
  const places = placesOf({ request, context, input: own.input }, receipt.emulated);
  const turn = { remote, toolChoice: undefined, maxOutputTokens: undefined };
  const chat = chatRequest(asked, context, places, turn);
  checkItemMedia(context, places, model);
  const tokenizer = target?.tokenizer ?? services.tokenizer;
  if (tokenizer.approximate) receipt.emulated.add("input_tokens");
  const counted: InputTokens = { object: "response.input_tokens", input_tokens: countChatPrompt(chat, tokenizer) };
  return jsonReply(counted);
}
