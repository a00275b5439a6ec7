import type { Call } from "../../../call.ts";
import { lacksWhatIsAsked } from "../../../chat/abilities.ts";
import { arrangeChat } from "../../../chat/arrange-chat.ts";
import { askChat, completeChat, type Screen } from "../../../chat/ask-chat.ts";
import { newCompletionIdentity } from "../../../chat/assemble-completion.ts";
import { assertChatFits } from "../../../chat/chat-fits.ts";
import { moderationScreen } from "../../../chat/moderated-chat.ts";
import { bothScreens, policyScreen } from "../../../chat/policed-chat.ts";
import { chattingEngine } from "../../../engine/chat-over-complete.ts";
import { requestWithout } from "../../../engine/parameters.ts";
import { relay } from "../../../engine/relay.ts";
import { unsupportedParameter } from "../../../errors/catalogue.ts";
import { nobodyModerates } from "../../../errors/moderation.ts";
import type { Reply } from "../../../http/exchange.ts";
import { checkChatInputs, refuseUnseen, withImageData } from "../../../inputs/chat-inputs.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { resolveModel } from "../../../models/resolve-model.ts";
import { moderationContent } from "../../../moderation/content.ts";
import { requestedModeration } from "../../../moderation/requested.ts";
import { eventStreamReply, textReply } from "../../../pipeline/reply.ts";
import type { OutputRule } from "../../../policy/output-rule.ts";
import { refuseContradictions } from "./chat-completions.contradictions.ts";
import { refuseOrphans } from "./chat-completions.conversation.ts";
import { refuseFormats } from "./chat-completions.formats.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import { createChatEvents } from "./chat-completions.stream.ts";
import { keepCompletion, storingWitness } from "./stored-completions.keep.ts";
import { relayStored } from "./stored-completions.relay.ts";

/** What the outlet does itself, and no engine is told of. */
const STORING = ["store", "metadata"];

/**
 * Not async itself: a request that is relayed waits for nothing but the far side.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export function createChatCompletion(received: Call<ChatCompletionRequest>): Promise<Reply> {
  const target = resolveModel(received, received.body.model);
  refuseContradictions(received.body);
  const call = received.zeroRetention ? withoutStoring(received) : received;
  const request = call.body;
  refuseUnseen(request.messages, target.capabilities);
  assertChatFits(call, target, request);
  const rule = call.services.policy?.outputRule(call, request);
  if (rule || !canRelay(request, target)) return answerChat(call, target, rule);
  const forward = request.store ? relayStored : relay;
  if (target.engine.images !== "bytes") return forward(call, target);
  return withImages(call).then((asked) => forward(asked, target));
}

/** Answers from an engine that is asked to chat. */
async function answerChat(
  call: Call<ChatCompletionRequest>,
  target: ResolvedModel,
  rule: OutputRule | undefined,
): Promise<Reply> {
  const request = call.body;
  if (!target.engine.forward) checkChatInputs(request.messages, request.model);
  refuseFormats(request);
  refuseOrphans(request.messages);

  const identity = newCompletionIdentity(call.receipt);
  const moderation = request.moderation ? await moderationOf(request.moderation, call, target) : undefined;
  const screen = bothScreens(rule && policyScreen(rule), moderation);
  const own = [...(request.store ? STORING : []), ...(moderation ? ["moderation"] : [])];
  const asked = requestWithout(request, own);
  if (request.stream) {
    const witness = request.store ? storingWitness(call, identity) : undefined;
    return eventStreamReply(
      call,
      askChat(asked, target, call, { witness, screen }),
      createChatEvents(request, identity),
    );
  }
  const completion = await completeChat(asked, target, call, identity, screen);
  const reply = textReply(JSON.stringify(completion));
  if (request.store) await keepCompletion(completion, reply.body, call);
  return reply;
}

/** `store` is taken for false, as the API documents it for zero data retention, whatever the request says; nor is any engine asked to store. */
function withoutStoring(call: Call<ChatCompletionRequest>): typeof call {
  return call.body.store ? { ...call, body: requestWithout(call.body, STORING), rawBody: null } : call;
}

/** True when a far side can answer the request as it stands, and there is nothing for the outlet to do. */
function canRelay(request: ChatCompletionRequest, { engine, capabilities }: ResolvedModel): boolean {
  if (!engine.forward || capabilities.chat === false) return false;
  return !lacksWhatIsAsked(request, capabilities);
}

/**
 * The moderation that a request asks for, where the engine does not see to it; it has begun with the input.
 * @throws ApiError 400 where nobody moderates, and for input that is to be blocked
 */
async function moderationOf(
  param: NonNullable<ChatCompletionRequest["moderation"]>,
  call: Call<ChatCompletionRequest>,
  target: ResolvedModel,
): Promise<Screen | undefined> {
  const { engine, capabilities } = target;
  const { messages, model, n } = call.body;
  const honoured = chattingEngine(engine, capabilities).honours?.chat;
  // An engine is asked for one choice at a time, and would speak of that alone; what it says of an answer that is put right is lost.
  const asIs = (n ?? 1) === 1 && !lacksWhatIsAsked(call.body, capabilities);
  if (asIs && (honoured === undefined || honoured.includes("moderation"))) return undefined;
  const moderation = requestedModeration(param, call);
  if (!moderation) throw unsupportedParameter("moderation", model, nobodyModerates(param.model));
  // Who judges costs something, and what is asked for in vain is not to be judged.
  const { operation } = call;
  arrangeChat(requestWithout(call.body, [...STORING, "moderation"]), target, {
    operation,
    receipt: { emulated: new Set() },
  });
  await moderation.begin(moderationContent(messages), "messages");
  return moderationScreen(moderation);
}

/** A far side that needs bytes gets another body than the client sent; any other gets that. */
async function withImages(call: Call<ChatCompletionRequest>): Promise<typeof call> {
  const { body, services, context } = call;
  const messages = await withImageData(body.messages, services.fetchImage, context.signal);
  return messages === body.messages ? call : { ...call, body: { ...body, messages }, rawBody: null };
}
