import { engineFailed } from "../../../errors/catalogue.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { itemIds } from "../responses.ids.ts";
import type { OutputItem } from "../responses.types.ts";
import { noted } from "./origin.ts";

export interface Renaming {
  /** The item under the outlet's id. */
  item(item: OutputItem): OutputItem;
  /** The event with the outlet's ids, and without the engine's own number and padding. */
  event(event: ResponseEvent): ResponseEvent;
}

interface RenamingOptions {
  readonly responseId: string;
  /** The model whose thoughts they are. */
  readonly engineModel: string;
  /** What of an item is shown in events. */
  readonly shown: (item: OutputItem) => OutputItem;
}

/** Gives what an engine makes the outlet's ids, the same one wherever an item is spoken of. */
export function createRenaming({ responseId, engineModel, shown }: RenamingOptions): Renaming {
  const ids = itemIds(responseId);
  const known = new Map<string, string>();
  const idOf = (made: OutputItem & { call_id?: string }) => {
    const name = made.id ?? made.call_id ?? "";
    const own = known.get(name) ?? ids.next(made.type);
    known.set(name, own);
    return own;
  };
  const item = (made: OutputItem): OutputItem => {
    if (typeof made !== "object" || made === null || typeof made.type !== "string") throw malformed();
    const { encrypted_content } = made as { encrypted_content?: unknown };
    return {
      ...made,
      id: idOf(made),
      ...(typeof encrypted_content === "string" && { encrypted_content: noted(encrypted_content, engineModel) }),
    } as OutputItem;
  };
  return {
    item,
    event(event) {
      const { sequence_number: _n, obfuscation: _o, ...rest } = event as ResponseEvent & Record<string, unknown>;
      if ("item" in event) return { ...rest, item: shown(item(event.item)) } as ResponseEvent;
      if (!("item_id" in event)) return rest as ResponseEvent;
      const item_id = known.get(event.item_id);
      if (item_id === undefined) throw malformed();
      return { ...rest, item_id } as ResponseEvent;
    },
  };
}

function malformed() {
  return engineFailed("The model told of an item that it had not begun.");
}
