import type { Call } from "../../../call.ts";
import { objectNotFound } from "../../../errors/catalogue.ts";
import { ownerOf } from "../../../store/owner.ts";
import type { RecordKey } from "../../../store/store.ts";
import type { Metadata } from "../../metadata.ts";
import type { StoredChatCompletion } from "./chat-completions.types.ts";

// Stored completions. What was asked stands in the record's details: a page of completions does not read a page of prompts.

const COMPLETIONS = "chat.completion";

/** The list of a caller's completions. */
export function completionList({ principal }: Pick<Call, "principal">) {
  return { collection: COMPLETIONS, owner: ownerOf(principal) } as const;
}

/** The record that the call's path names. */
export function completionKey(call: Pick<Call, "principal" | "params">): RecordKey {
  return { ...completionList(call), id: call.params.completion_id ?? "" };
}

/** What lists filter by. */
export function completionLabels(model: string | undefined, metadata: Metadata = {}): Record<string, string> {
  const labels: Record<string, string> = model === undefined ? {} : { model };
  for (const [key, value] of Object.entries(metadata)) labels[`metadata.${key}`] = value;
  return labels;
}

export function labelsOf({ model, metadata }: StoredChatCompletion): Record<string, string> {
  return completionLabels(model, metadata);
}

export function completionNotFound(id: string) {
  return objectNotFound("Chat completion", id);
}
