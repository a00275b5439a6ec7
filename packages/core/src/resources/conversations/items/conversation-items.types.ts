import type { Item } from "../../../items/item.types.ts";
import type { ListPage } from "../../../pipeline/page.ts";

// Replies of https://platform.openai.com/docs/api-reference/conversations/list-items-object.

export type ConversationItem = Item;
export type ConversationItemList = ListPage<ConversationItem>;
