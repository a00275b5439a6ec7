import { objectNotFound } from "../errors/catalogue.ts";
import type { Item } from "../items/item.types.ts";
import type { Conversation } from "../resources/conversations/conversations.types.ts";
import type { Metadata } from "../resources/metadata.ts";
import type { Change, NewRecord, RecordKey, Store, StoredRecord } from "../store/store.ts";

// Conversations as they are stored, for the resources that use them: each item is a record of its own, under its conversation's.

const CONVERSATIONS = "conversation";
const ITEMS = "conversation.item";
const PAGE = 100;

/** What a conversation's record holds. */
export interface ConversationData {
  metadata: Metadata;
}

export function conversationKey(owner: string, id: string): RecordKey {
  return { collection: CONVERSATIONS, owner, id };
}

/** @throws ApiError 404 when there is none, or none that this owner may know of */
export async function findConversation(store: Store, key: RecordKey): Promise<StoredRecord> {
  const record = await store.get(key);
  if (!record) throw conversationNotFound(key.id);
  return record;
}

export function conversationNotFound(id: string) {
  return objectNotFound("Conversation", id);
}

/** The conversation as the API shows it. */
export function conversationOf({ id, createdAt, data }: Pick<StoredRecord, "id" | "createdAt" | "data">): Conversation {
  return { id, object: "conversation", created_at: createdAt, metadata: (data as ConversationData).metadata };
}

/** The list of a conversation's items. */
export function itemList(owner: string, conversation: string) {
  return { collection: ITEMS, owner, parent: conversation } as const;
}

export function itemKey(owner: string, conversation: string, id: string): RecordKey {
  return { ...itemList(owner, conversation), id };
}

export function itemOf(record: StoredRecord): Item {
  return record.data as Item;
}

/**
 * What appends items to a conversation, in this order: to be written together with whatever must happen with it. The write fails when the
 * conversation is gone or has an item of the same id.
 */
export function appendItems(owner: string, conversation: string, items: readonly Item[], createdAt: number): Change[] {
  return items.map((item) => ({
    insert: { ...itemKey(owner, conversation, item.id), createdAt, data: item } satisfies NewRecord,
  }));
}

/** Every item of a conversation, oldest first: what the model has to know of it. */
export async function readItems(store: Store, owner: string, conversation: string): Promise<Item[]> {
  const items: Item[] = [];
  const list = { ...itemList(owner, conversation), order: "asc", limit: PAGE } as const;
  let page = await store.list(list);
  while (page) {
    for (const record of page.records) items.push(itemOf(record));
    const last = page.records.at(-1);
    if (!page.hasMore || !last) break;
    page = await store.list({ ...list, after: last.id });
  }
  return items;
}
