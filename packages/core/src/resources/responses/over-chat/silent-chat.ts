import type { Item } from "../../../items/item.types.ts";
import { type Draft, placesOf } from "../responses.draft.ts";
import { chatRequest, type Turn } from "./request.ts";

/** The chat as it would be asked, to be looked at: nobody is told of what it leaves out. */
export function silentChat(draft: Draft, context: readonly Item[], turn: Turn) {
  return chatRequest(draft.request, context, placesOf({ ...draft, context }, new Set()), turn);
}
