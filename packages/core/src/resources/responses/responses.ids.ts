import type { ItemType } from "../../items/item.types.ts";
import { itemIdPrefix } from "../../items/item-id.ts";

/** What every id of a response ends in: its items' ids tell by it which response they are of. */
const RESPONSE = "resp_";
const COUNTER_DIGITS = 4;

export interface ItemIds {
  /** The next item's id. */
  next(type: ItemType): string;
}

/** Ids for the items of a response: the response's own digits, and a number. Input and output count apart. */
export function itemIds(responseId: string, of: "input" | "output" = "output"): ItemIds {
  const digits = responseId.slice(RESPONSE.length);
  let count = of === "input" ? 0x8000 : 0;
  return {
    next(type) {
      count += 1;
      return `${itemIdPrefix(type)}${digits}${count.toString(16).padStart(COUNTER_DIGITS, "0")}`;
    },
  };
}

/** The id of the response that an item's id tells of; `null` when it is none of the outlet's. */
export function responseOfItem(itemId: string): string | null {
  const [, digits] = /^[a-z]{2,8}_([0-9a-f]{32})[0-9a-f]{4}$/.exec(itemId) ?? [];
  return digits === undefined ? null : RESPONSE + digits;
}
