import type { Call } from "../../call.ts";
import type { Batch } from "../../engine/pieces.ts";
import { asksForThoughts, sealedThoughts } from "../../items/sealed-thoughts.ts";
import type { Draft } from "./responses.draft.ts";
import type { ResponseEvent } from "./responses.events.ts";

/** The events, in which thoughts are sealed as soon as they are over, where the request asks for it; and so they are in the response. */
export function withThoughtsSealed(
  call: Pick<Call, "principal" | "services">,
  { request }: Draft,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncIterable<Batch<ResponseEvent>> {
  return asksForThoughts(request.include) ? sealing(call, events) : events;
}

async function* sealing(
  call: Pick<Call, "principal" | "services">,
  events: AsyncIterable<Batch<ResponseEvent>>,
): AsyncGenerator<Batch<ResponseEvent>> {
  for await (const batch of events) {
    for (const event of batch) {
      if (event.type !== "response.output_item.done" || event.item.type !== "reasoning") continue;
      const sealed = await sealedThoughts(call, event.item);
      if (sealed !== undefined) event.item.encrypted_content = sealed;
    }
    yield batch;
  }
}
