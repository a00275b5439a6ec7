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

type Labels = Readonly<Record<string, string>>;

const MODEL = "model.";

/**
 * What a completion is found by: the id that was asked for, the snapshot that it stood for, and the one that the engine told of. So a client
 * finds what it asked an alias, also when the alias has moved on.
 */
export function modelLabels(ids: Iterable<string | null>): Labels {
  const labels: Record<string, string> = {};
  for (const id of ids) if (id !== null) labels[MODEL + id] = "";
  return labels;
}

export function modelLabelsOf({ labels }: Pick<StoredRecord, "labels">): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith(MODEL)));
}

/** What lists filter by. */
export function completionLabels(models: Labels, metadata: Metadata = {}): Labels {
  const labels: Record<string, string> = { ...models };
  for (const key in metadata) labels[`metadata.${key}`] = metadata[key] as string;
  return labels;
}

type Asked = Omit<StoredChatCompletion, keyof ChatCompletion | "metadata" | "request_id">;

/** What stands in a record beside the reply: parameters that the request did not have are left out. */
export type KeptBeside = Pick<StoredChatCompletion, "metadata" | "request_id"> & {
  [Name in keyof Asked]?: Asked[Name] | undefined;
};

export type KeptCompletion = ChatCompletion & KeptBeside;

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
