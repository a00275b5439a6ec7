import type { Call } from "../call.ts";
import { chattingEngine } from "../engine/chat-over-complete.ts";
import { chatOf } from "../engine/chat-over-forward.ts";
import type { Engine } from "../engine/engine.ts";
import { parametersToEmulate, requestWithout } from "../engine/parameters.ts";
import { modelCannot } from "../errors/catalogue.ts";
import type { ResolvedModel } from "../models/registry.ts";
import {
  type ChatCompletionRequest,
  chatCompletionRequest,
} from "../resources/chat/completions/chat-completions.schema.ts";
import { type ChatPlan, PLANNED, planChat } from "./plan-chat.ts";

/** What core cuts in an engine's stead. */
const CUT = ["stop", "max_tokens", "max_completion_tokens"];
const EMULATED = [...CUT, ...PLANNED];
/** What core sees to itself, whatever the engine: it asks an engine for one choice at a time. */
const CORE = ["model", "messages", "stream", "stream_options", "n"];

/** Who is asked a chat and how, before anything has been fetched for it. */
export interface ArrangedChat {
  readonly engine: Engine;
  readonly chat: NonNullable<ReturnType<typeof chatOf>>;
  readonly plan: ChatPlan;
  /** The parameters that core cuts for. */
  readonly cut: ReadonlySet<string>;
  /** What the engine is asked. */
  readonly request: ChatCompletionRequest;
}

/**
 * Holds a chat against what its model can do. What is made up for is named in the receipt.
 * @throws ApiError 400 for what is neither honoured nor made up for, 404 for a model that does not chat
 */
export function arrangeChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
  { operation, receipt }: Pick<Call, "operation"> & { receipt: Pick<Call["receipt"], "emulated"> },
): ArrangedChat {
  const { capabilities } = target;
  const engine = chattingEngine(target.engine, capabilities);
  if (engine !== target.engine) receipt.emulated.add("messages");
  const chat = chatOf(engine);
  if (!chat) throw modelCannot(request.model, operation.path);
  const honoured = engine.honours?.chat;
  // A far side that speaks the protocol may know parameters that core does not.
  const documented = engine.chat ? chatCompletionRequest.shape : request;
  const missing = parametersToEmulate(request, documented, honoured, CORE, EMULATED);
  const plan = planChat(request, { honoured, capabilities });
  const cut = new Set(missing.size > 0 ? CUT.filter((name) => missing.has(name)) : []);
  // Stop sequences are for what the client reads, not for the form that it comes in.
  if (plan.expected && request.stop?.length) cut.add("stop");
  for (const name of cut) receipt.emulated.add(name);
  for (const name of plan.emulated) receipt.emulated.add(name);
  const left = requestWithout(plan.request, ["n", ...cut, ...(plan.expected ? ["stream_options"] : [])]);
  return { engine, chat, plan, cut, request: plan.expected ? { ...left, stream: false } : left };
}
