import type { ModelCall } from "../../call.ts";
import type { Batch } from "../../engine/pieces.ts";
import { respondOf } from "../../engine/respond-over-forward.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { answerByEngine } from "./by-engine/answer.ts";
import { answerOverChat } from "./over-chat/answer.ts";
import type { Draft } from "./responses.draft.ts";
import type { ResponseEvent } from "./responses.events.ts";

/** Asks the model, and tells its answer in events, without the final one. They leave the draft's response as it ends. */
export function answer(call: ModelCall, target: ResolvedModel, draft: Draft): AsyncIterable<Batch<ResponseEvent>> {
  const respond = respondOf(target.engine);
  return respond ? answerByEngine(call, respond, target, draft) : answerOverChat(call, target, draft);
}
