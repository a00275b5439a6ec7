import { invalidRequest } from "../errors/catalogue.ts";
import { completeItem, isSelfContained } from "../items/complete-item.ts";
import type { InputItem } from "../items/input-item.schema.ts";
import type { Item } from "../items/item.types.ts";

/**
 * Input items as a conversation keeps them.
 * @throws ApiError 400 for what is not an item by itself, and for an id that is there twice
 */
export function newItems(inputs: readonly InputItem[]): Item[] {
  const ids = new Set<string>();
  return inputs.map((input, index) => {
    if (!isSelfContained(input)) {
      const type = input.type ?? "item_reference";
      throw invalidRequest(
        `Invalid value: '${type}'. Items of this type cannot be added to a conversation.`,
        `items[${index}].type`,
        "invalid_value",
      );
    }
    const item = completeItem(input);
    if (ids.has(item.id)) throw duplicateItem(item.id, `items[${index}].id`);
    ids.add(item.id);
    return item;
  });
}

export function duplicateItem(id: string, param: string) {
  const message = `Duplicate item found with id '${id}'. Remove duplicate items from your input and try again.`;
  return invalidRequest(message, param, "invalid_value");
}
