import type { Call } from "../../../call.ts";
import { objectNotFound } from "../../../errors/catalogue.ts";
import { ownerOf } from "../../../store/owner.ts";
import type { RecordKey, StoredRecord } from "../../../store/store.ts";
import type { Metadata } from "../../metadata.ts";
import type { ChatCompletion, StoredChatCompletion } from "./chat-completions.types.ts";

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

type Asked = Omit<StoredChatCompletion, keyof ChatCompletion | "metadata" | "request_id">;

/** A completion as it stands in its record: parameters that the request did not have are left out. */
export type KeptCompletion = Omit<StoredChatCompletion, keyof Asked> & {
  [Name in keyof Asked]?: Asked[Name] | undefined;
};

const NOTHING_ASKED: Asked = {
  frequency_penalty: null,
  input_user: null,
  presence_penalty: null,
  response_format: null,
  seed: null,
  temperature: null,
  tool_choice: null,
  tools: null,
  top_p: null,
};

/** What clients see of a record. */
export function completionOf({ data }: Pick<StoredRecord, "data">): StoredChatCompletion {
  return { ...NOTHING_ASKED, ...(data as KeptCompletion) } as StoredChatCompletion;
}

export function completionNotFound(id: string) {
  return objectNotFound("Chat completion", id);
}
