import type { ItemOf } from "../../../items/item.types.ts";
import type { ItemStatus, OutputItem, ResponseUsage } from "../responses.types.ts";

/** A message of the user's, as it stays beside the compaction. */
export interface KeptMessage {
  id: string;
  type: "message";
  status: ItemStatus;
  role: "user";
  content: ItemOf<"message">["content"];
}

/** https://platform.openai.com/docs/api-reference/responses/compacted-object */
export interface CompactedResponse {
  id: string;
  object: "response.compaction";
  /** Unix seconds. */
  created_at: number;
  /** The user's messages, and last the item that stands for everything else. */
  output: (KeptMessage | ItemOf<"compaction"> | OutputItem)[];
  usage: ResponseUsage;
}
