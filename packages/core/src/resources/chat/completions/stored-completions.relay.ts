import type { Call } from "../../../call.ts";
import { newCompletionIdentity } from "../../../chat/assemble-completion.ts";
import { parsed } from "../../../engine/forwarded-reply.ts";
import { relay } from "../../../engine/relay.ts";
import { isByteStream, type Reply } from "../../../http/exchange.ts";
import { pushed } from "../../../http/pushed.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatCompletion } from "./chat-completions.types.ts";
import { keepCompletion } from "./stored-completions.keep.ts";
import { completionFrom, gatherEvents } from "./stored-completions.read.ts";
import { renamedReply, renamingEvents } from "./stored-completions.rename.ts";
import { StoredStream } from "./stored-completions.stream.ts";

const utf8 = new TextDecoder();

/**
 * Answers from a far side that speaks the protocol, and stores the answer: its bytes are handed on as they come, under an id of the
 * outlet's. What is stored is read from the side.
 */
export async function relayStored(call: Call<ChatCompletionRequest>, target: ResolvedModel): Promise<Reply> {
  const { store: _store, metadata: _metadata, ...body } = call.body;
  const asked = { ...call, body, rawBody: null };
  const identity = newCompletionIdentity();
  const gathering = gatherEvents(call.body, identity);
  const reply = await relay(asked, target, gathering.add);
  if (reply.body instanceof Uint8Array) {
    const json = utf8.decode(reply.body);
    const answer = parsed<ChatCompletion>(json);
    const completion = completionFrom(answer, identity);
    const body = renamedReply(json, answer, identity.id);
    const own = { ...completion, id: identity.id };
    await keepCompletion(own, completion === answer ? body : JSON.stringify(own), call);
    return { ...reply, body };
  }
  if (reply.body === null || !isByteStream(reply.body)) return reply;
  const { channel } = new StoredStream(pushed(reply.body), {
    rename: renamingEvents(identity.id),
    keep: () => {
      const completion = gathering.completion();
      return keepCompletion(completion, JSON.stringify(completion), call);
    },
    receipt: call.receipt,
    cancellation: call.exchange.cancellation,
  });
  return { ...reply, body: channel };
}
