import type { NewItem, OpenItem } from "./open-item.ts";

/** A compaction: it was sampled before it is told of, and no word of it is shown. */
export function openCompactionItem({
  id,
  index,
  emit,
  encryptedContent,
}: NewItem & { readonly encryptedContent: string }): OpenItem {
  const item = { id, type: "compaction", encrypted_content: encryptedContent } as const;
  emit({ type: "response.output_item.added", output_index: index, item: { ...item, encrypted_content: "" } });
  emit({ type: "response.compaction.compacting", item_id: id, output_index: index });
  return {
    index,
    close() {
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}
