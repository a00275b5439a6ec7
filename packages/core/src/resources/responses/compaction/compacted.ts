import type { Item, MessageItem } from "../../../items/item.types.ts";
import { type Compaction, summaryMessage } from "./state.ts";

export function isUserMessage(item: Item): item is MessageItem {
  return item.type === "message" && item.role === "user";
}

/** What is left of items in which a compaction item stands at this place. */
export function compacted(items: readonly Item[], at: number, compaction: Compaction): Item[] {
  const summary = summaryMessage((items[at] as Item).id, compaction);
  const asked = items.slice(0, at).filter(isUserMessage);
  const kept = compaction.covers === "work" ? [...asked, summary] : [summary, ...asked.slice(-1)];
  return [...kept, ...items.slice(at + 1)];
}
