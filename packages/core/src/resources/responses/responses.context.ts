import type { Call } from "../../call.ts";
import type { Item } from "../../items/item.types.ts";
import { openThoughts } from "../../items/sealed-thoughts.ts";
import { compacted } from "./compaction/compacted.ts";
import { isOwnCompaction, openCompaction } from "./compaction/state.ts";

/**
 * What a model is asked about: what was before, then what is added, with what the outlet has sealed opened. Of what was compacted, there is
 * what was kept.
 * @throws ApiError 400 `invalid_encrypted_content`
 */
export async function modelContext(
  caller: Pick<Call, "principal" | "services">,
  before: readonly Item[],
  input: readonly Item[],
): Promise<Item[]> {
  const items = [...before, ...input];
  const last = items.findLastIndex(isOwnCompaction);
  for (const [index, item] of items.entries()) {
    // Of what the outlet kept, it kept the thoughts as well: the key that sealed them may be gone.
    const known = index < before.length && item.type === "reasoning" && item.content?.length;
    if (item.type === "reasoning" && !known) items[index] = await openThoughts(caller, item);
  }
  const compaction = items[last];
  return compaction && isOwnCompaction(compaction)
    ? compacted(items, last, await openCompaction(caller, compaction))
    : items;
}
