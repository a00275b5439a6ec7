import type { Call } from "../../call.ts";
import type { Item } from "../../items/item.types.ts";
import { openThoughts } from "../../items/sealed-thoughts.ts";

/**
 * What a model is asked about: what was before, then what is added, with what the outlet has sealed opened.
 * @throws ApiError 400 `invalid_encrypted_content`
 */
export async function modelContext(
  caller: Pick<Call, "principal" | "services">,
  before: readonly Item[],
  input: readonly Item[],
): Promise<Item[]> {
  const items = [...before, ...input];
  for (const [index, item] of items.entries()) {
    // Of what the outlet kept, it kept the thoughts as well: the key that sealed them may be gone.
    const known = index < before.length && item.type === "reasoning" && item.content?.length;
    if (item.type === "reasoning" && !known) items[index] = await openThoughts(caller, item);
  }
  return items;
}
