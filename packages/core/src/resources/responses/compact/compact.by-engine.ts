import type { Call } from "../../../call.ts";
import type { Engine } from "../../../engine/engine.ts";
import { parsed, textOf } from "../../../engine/forwarded-reply.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { upstreamError } from "../../../errors/upstream.ts";
import { untilAborted } from "../../../http/abort.ts";
import { unixSeconds } from "../../../ids.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { createMeter } from "../by-engine/meter.ts";
import { createRenaming } from "../by-engine/renaming.ts";
import { engineInput } from "../by-engine/request.ts";
import type { Long } from "./compact.service.ts";
import type { CompactedResponse } from "./compact.types.ts";

/** Lets a far side that has Responses compact; what it makes has the outlet's ids, and a note of whose it is. */
export async function compactByEngine(
  { context: engineContext, services, receipt }: Call,
  forward: NonNullable<Engine["forward"]>,
  { engineModel }: ResolvedModel,
  { id, request, context }: Long,
): Promise<CompactedResponse> {
  const { previous_response_id: _, ...asked } = request;
  const body = { ...asked, model: engineModel, input: engineInput(context, engineModel) };
  const sent = { method: "POST", path: "/responses/compact", body: JSON.stringify(body) };
  const meter = createMeter(body, services.tokenizer);
  let usage: CompactedResponse["usage"] | undefined;
  try {
    const answer = forward({ ...sent, contentType: "application/json", stream: false }, engineContext);
    const reply = await untilAborted(answer, engineContext.signal);
    if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
    const made = parsed<CompactedResponse>(await untilAborted(textOf(reply), engineContext.signal));
    if (!Array.isArray(made.output)) throw engineFailed("The model compacted the conversation to no list of items.");
    usage = made.usage;
    const renaming = createRenaming({ responseId: id, engineModel, shown: (item) => item });
    const output = made.output.map((item) => renaming.item(item as never)) as CompactedResponse["output"];
    return { ...made, id, object: "response.compaction", created_at: made.created_at ?? unixSeconds(), output };
  } finally {
    receipt.usage = meter.metered(usage);
  }
}
