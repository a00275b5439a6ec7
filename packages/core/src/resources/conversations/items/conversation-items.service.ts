import type { Call } from "../../../call.ts";
import {
  appendItems,
  conversationKey,
  conversationOf,
  findConversation,
  itemKey,
  itemList,
  itemOf,
} from "../../../conversations/conversation.record.ts";
import { duplicateItem, newItems } from "../../../conversations/new-items.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { objectNotFound, unavailable } from "../../../errors/catalogue.ts";
import { zeroRetentionOperation } from "../../../errors/retention.ts";
import type { Reply } from "../../../http/exchange.ts";
import { unixSeconds } from "../../../ids.ts";
import { itemWith } from "../../../items/include.ts";
import type { Item } from "../../../items/item.types.ts";
import { withSealedThoughts } from "../../../items/sealed-thoughts.ts";
import { listPage } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { ownerOf } from "../../../store/owner.ts";
import type { StoredRecord } from "../../../store/store.ts";
import {
  type IncludeQuery,
  type ItemCreateRequest,
  type ItemListQuery,
  itemCreateRequest,
} from "./conversation-items.schema.ts";
import type { ConversationItemList } from "./conversation-items.types.ts";

/** All of them or none. https://platform.openai.com/docs/api-reference/conversations/create-items */
export async function createConversationItems(call: Call<ItemCreateRequest, IncludeQuery>): Promise<Reply> {
  refuseUnknown(call.body, itemCreateRequest.shape);
  if (call.zeroRetention) throw zeroRetentionOperation("Conversations cannot be added to");
  const { store, owner, id } = await conversationOfCall(call);
  const items = newItems(call.body.items);
  if (!(await store.write(appendItems(owner, id, items, unixSeconds())))) throw await whyNot(call, items);
  const list: ConversationItemList = {
    object: "list",
    data: await shown(call, items),
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: false,
  };
  return jsonReply(list);
}

/** https://platform.openai.com/docs/api-reference/conversations/list-items */
export async function listConversationItems(call: Call<unknown, ItemListQuery>): Promise<Reply> {
  const { store, owner, id } = await conversationOfCall(call);
  const { include: _, ...page } = call.query;
  const list = await listPage(store, itemList(owner, id), page, itemOf);
  return jsonReply({ ...list, data: await shown(call, list.data) });
}

/** https://platform.openai.com/docs/api-reference/conversations/get-item */
export async function getConversationItem(call: Call<unknown, IncludeQuery>): Promise<Reply> {
  const { store, owner, id } = await conversationOfCall(call);
  const itemId = call.params.item_id ?? "";
  const record = await store.get(itemKey(owner, id, itemId));
  if (!record) throw itemNotFound(itemId);
  const [item] = await shown(call, [itemOf(record)]);
  return jsonReply(item);
}

/** Answers with the conversation. https://platform.openai.com/docs/api-reference/conversations/delete-item */
export async function deleteConversationItem(call: Call): Promise<Reply> {
  const { store, owner, id, record } = await conversationOfCall(call);
  const key = itemKey(owner, id, call.params.item_id ?? "");
  if (!(await store.get(key))) throw itemNotFound(key.id);
  await store.write([{ delete: key }]);
  return jsonReply(conversationOf(record));
}

async function shown(call: Call<unknown, IncludeQuery>, items: readonly Item[]): Promise<Item[]> {
  const { include } = call.query;
  return (await withSealedThoughts(call, items, include)).map((item) => itemWith(item, include));
}

async function conversationOfCall({ services: { store }, principal, params }: Call<unknown, unknown>) {
  const owner = ownerOf(principal);
  const record: StoredRecord = await findConversation(store, conversationKey(owner, params.conversation_id ?? ""));
  return { store, owner, id: record.id, record };
}

/** The conversation is gone by now, or has an item of the same id. */
async function whyNot(call: Call<unknown, unknown>, items: readonly Item[]) {
  const { store, owner, id } = await conversationOfCall(call);
  const known = await Promise.all(items.map((item) => store.get(itemKey(owner, id, item.id))));
  const index = known.findIndex(Boolean);
  return index < 0
    ? unavailable("The items could not be stored. Try again.")
    : duplicateItem((items[index] as Item).id, `items[${index}].id`);
}

function itemNotFound(id: string) {
  return objectNotFound("Item", id);
}
