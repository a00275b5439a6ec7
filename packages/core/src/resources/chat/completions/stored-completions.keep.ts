import type { Call } from "../../../call.ts";
import { type CompletionIdentity, startAssembly } from "../../../chat/assemble-completion.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { unavailable } from "../../../errors/catalogue.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatCompletion, StoredChatCompletion } from "./chat-completions.types.ts";
import { storedMessages } from "./messages/chat-messages.ts";
import { completionList, labelsOf, messagesKey } from "./stored-completions.record.ts";

/**
 * The same pieces. Before the last of them the whole answer is stored: who has the end of a reply finds it there. An answer that is cut off,
 * by its client or by a failure, is not.
 */
export async function* storedWhenDone(
  batches: AsyncIterable<Batch<AnswerPiece>>,
  call: Call<ChatCompletionRequest>,
  identity: CompletionIdentity,
): AsyncGenerator<Batch<AnswerPiece>> {
  const assembly = startAssembly(call.body, identity);
  for await (const batch of batches) {
    assembly.add(batch);
    if (batch.at(-1)?.final) await keep(assembly.completion(), call);
    yield batch;
  }
}

async function keep(completion: ChatCompletion, call: Call<ChatCompletionRequest>): Promise<void> {
  const data = stored(completion, call);
  const key = { ...completionList(call), id: completion.id };
  const createdAt = completion.created;
  const messages = storedMessages(completion.id, call.body.messages);
  const written = await call.services.store.write([
    { insert: { ...key, createdAt, labels: labelsOf(data), data } },
    { insert: { ...messagesKey(key), createdAt, data: messages } },
  ]);
  if (!written) throw unavailable("The completion could not be stored. Try again.");
}

function stored(
  completion: ChatCompletion,
  { body: request, context }: Call<ChatCompletionRequest>,
): StoredChatCompletion {
  return {
    ...completion,
    metadata: request.metadata ?? {},
    request_id: context.requestId,
    frequency_penalty: request.frequency_penalty ?? null,
    input_user: request.user ?? null,
    presence_penalty: request.presence_penalty ?? null,
    response_format: request.response_format ?? null,
    seed: request.seed ?? null,
    temperature: request.temperature ?? null,
    tool_choice: request.tool_choice ?? null,
    tools: request.tools ?? null,
    top_p: request.top_p ?? null,
  };
}
