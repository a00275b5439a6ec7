import type { Item } from "../../../items/item.types.ts";
import { isUserMessage } from "../compaction/compacted.ts";

/**
 * The items without as many of the first as it takes for the rest to fit, all of them where nothing helps. The last message of the user
 * stays, and no output without its call.
 * https://platform.openai.com/docs/api-reference/responses/create#responses_create-truncation
 */
export function truncated(items: readonly Item[], fits: (rest: readonly Item[]) => boolean): readonly Item[] {
  if (fits(items)) return items;
  const cuts = cutsOf(items);
  const last = cuts.at(-1);
  if (last === undefined || !fits(items.slice(last))) return items;
  // The fewest that are enough: what is shorter fits as well.
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(items.slice(cuts[middle]))) high = middle;
    else low = middle + 1;
  }
  return items.slice(cuts[high]);
}

/** Where the items may begin instead. */
function cutsOf(items: readonly Item[]): number[] {
  const user = items.findLastIndex(isUserMessage);
  const furthest = user < 0 ? items.length - 1 : user;
  const open = new Set<string>();
  const cuts: number[] = [];
  for (const [index, item] of items.entries()) {
    if (index > furthest) break;
    if (index > 0 && open.size === 0) cuts.push(index);
    if (item.type === "function_call" || item.type === "custom_tool_call") open.add(item.call_id);
    if (item.type === "function_call_output" || item.type === "custom_tool_call_output")
      open.delete(item.call_id ?? "");
  }
  return cuts;
}
