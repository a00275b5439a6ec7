import type { Call } from "../../../call.ts";
import type { Witness } from "../../../chat/ask-chat.ts";
import { type CompletionIdentity, startAssembly } from "../../../chat/assemble-completion.ts";
import { unavailable } from "../../../errors/catalogue.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatCompletion, StoredChatCompletion } from "./chat-completions.types.ts";
import { storedMessages } from "./messages/chat-messages.ts";
import { completionList, labelsOf } from "./stored-completions.record.ts";

/**
 * Stores an answer as it passes. It is stored before the last piece is sent: who has the end of a reply finds it there. One that is cut
 * off, by its client or by a failure, is not.
 */
export function storingWitness(call: Call<ChatCompletionRequest>, identity: CompletionIdentity): Witness {
  const assembly = startAssembly(call.body, identity);
  return {
    add: assembly.add,
    end: () => keepCompletion(assembly.completion(), call),
  };
}

export async function keepCompletion(completion: ChatCompletion, call: Call<ChatCompletionRequest>): Promise<void> {
  const data = stored(completion, call);
  const written = await call.services.store.write([
    {
      insert: {
        ...completionList(call),
        id: completion.id,
        createdAt: completion.created,
        labels: labelsOf(data),
        data,
        details: storedMessages(completion.id, call.body.messages),
      },
    },
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
