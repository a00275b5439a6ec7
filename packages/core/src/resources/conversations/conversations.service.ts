import type { Call } from "../../call.ts";
import {
  appendItems,
  type ConversationData,
  conversationKey,
  conversationNotFound,
  conversationOf,
  findConversation,
} from "../../conversations/conversation.record.ts";
import { newItems } from "../../conversations/new-items.ts";
import { refuseUnknown } from "../../engine/parameters.ts";
import { unavailable } from "../../errors/catalogue.ts";
import { zeroRetentionOperation } from "../../errors/retention.ts";
import type { Reply } from "../../http/exchange.ts";
import { newId, unixSeconds } from "../../ids.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import { ownerOf } from "../../store/owner.ts";
import { updateRecord } from "../../store/update.ts";
import {
  type ConversationCreateRequest,
  type ConversationUpdateRequest,
  conversationCreateRequest,
  conversationUpdateRequest,
} from "./conversations.schema.ts";
import type { ConversationDeleted } from "./conversations.types.ts";

/** https://platform.openai.com/docs/api-reference/conversations/create */
export async function createConversation(call: Call<ConversationCreateRequest>): Promise<Reply> {
  refuseUnknown(call.body, conversationCreateRequest.shape);
  if (call.zeroRetention) throw zeroRetentionOperation("Conversations cannot be made");
  const owner = ownerOf(call.principal);
  const id = newId("conv_");
  const createdAt = unixSeconds();
  const data: ConversationData = { metadata: call.body.metadata ?? {} };
  const items = newItems(call.body.items ?? []);
  const written = await call.services.store.write([
    { insert: { ...conversationKey(owner, id), createdAt, data } },
    ...appendItems(owner, id, items, createdAt),
  ]);
  if (!written) throw unavailable("The conversation could not be stored. Try again.");
  return jsonReply(conversationOf({ id, createdAt, data }));
}

/** https://platform.openai.com/docs/api-reference/conversations/retrieve */
export async function getConversation(call: Call): Promise<Reply> {
  return jsonReply(conversationOf(await findConversation(call.services.store, keyOf(call))));
}

/** https://platform.openai.com/docs/api-reference/conversations/update */
export async function updateConversation(call: Call<ConversationUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, conversationUpdateRequest.shape);
  if (call.zeroRetention) throw zeroRetentionOperation("Conversations cannot be changed");
  const key = keyOf(call);
  const data: ConversationData = { metadata: call.body.metadata ?? {} };
  const record = await updateRecord(call.services.store, key, () => ({ data }));
  if (!record) throw conversationNotFound(key.id);
  return jsonReply(conversationOf(record));
}

/** With its items: nothing else leads to them. https://platform.openai.com/docs/api-reference/conversations/delete */
export async function deleteConversation(call: Call): Promise<Reply> {
  const { store } = call.services;
  const { id } = await findConversation(store, keyOf(call));
  await store.write([{ delete: keyOf(call) }]);
  const deleted: ConversationDeleted = { id, object: "conversation.deleted", deleted: true };
  return jsonReply(deleted);
}

function keyOf({ params, principal }: Pick<Call, "params" | "principal">) {
  return conversationKey(ownerOf(principal), params.conversation_id ?? "");
}
