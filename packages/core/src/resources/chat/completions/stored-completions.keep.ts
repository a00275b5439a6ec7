import type { Call } from "../../../call.ts";
import type { Witness } from "../../../chat/ask-chat.ts";
import { type CompletionIdentity, startAssembly } from "../../../chat/assemble-completion.ts";
import { unavailable } from "../../../errors/catalogue.ts";
import { unixSeconds } from "../../../ids.ts";
import { expiryAfter } from "../../../retention/retention.ts";
import { jsonText } from "../../../store/json-text.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatCompletion } from "./chat-completions.types.ts";
import { keptMessages } from "./messages/chat-messages.ts";
import { completionLabels, completionList, type KeptBeside, modelLabels } from "./stored-completions.record.ts";

/**
 * Stores an answer as it passes. It is stored before the last piece is sent: who has the end of a reply finds it there. One that is cut
 * off, by its client or by a failure, is not.
 */
export function storingWitness(call: Call<ChatCompletionRequest>, identity: CompletionIdentity): Witness {
  const assembly = startAssembly(call.body, identity);
  return {
    add: assembly.add,
    end: () => {
      const completion = assembly.completion();
      return keepCompletion(completion, JSON.stringify(completion), call);
    },
  };
}

/** @param json the completion as text, under the outlet's own id: what is a reply already is not put into words again */
export async function keepCompletion(
  { id, model }: Pick<ChatCompletion, "id" | "model">,
  json: string,
  call: Call<ChatCompletionRequest>,
): Promise<void> {
  const { body: request, principal, receipt, services } = call;
  const models = modelLabels([request.model, receipt.snapshot, model]);
  const written = await services.store.write([
    {
      insert: {
        ...completionList(call),
        id,
        // The outlet's own time, whatever an upstream says of its answer.
        createdAt: unixSeconds(),
        expiresAt: expiryAfter(services.retention.secondsFor(principal)),
        labels: completionLabels(models, request.metadata ?? undefined),
        data: jsonText(`${json.slice(0, json.lastIndexOf("}"))},${JSON.stringify(keptBeside(call)).slice(1)}`),
        details: keptMessages(request.messages),
      },
    },
  ]);
  if (!written) throw unavailable("The completion could not be stored. Try again.");
}

/** Without the parameters that the request did not have; see `completionOf`. */
function keptBeside({ body: request, context }: Call<ChatCompletionRequest>): KeptBeside {
  return {
    metadata: request.metadata ?? {},
    request_id: context.requestId,
    frequency_penalty: request.frequency_penalty ?? undefined,
    input_user: request.user ?? undefined,
    presence_penalty: request.presence_penalty ?? undefined,
    response_format: request.response_format ?? undefined,
    seed: request.seed ?? undefined,
    temperature: request.temperature ?? undefined,
    tool_choice: request.tool_choice ?? undefined,
    tools: request.tools ?? undefined,
    top_p: request.top_p ?? undefined,
  };
}
