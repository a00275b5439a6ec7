import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { zeroRetentionOperation } from "../../../errors/retention.ts";
import type { Reply } from "../../../http/exchange.ts";
import { listPage } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import type { StoredRecord } from "../../../store/store.ts";
import { updateRecord } from "../../../store/update.ts";
import type { ChatCompletionDeleted } from "./chat-completions.types.ts";
import {
  completionKey,
  completionLabels,
  completionList,
  completionNotFound,
  completionOf,
  type KeptCompletion,
  modelLabels,
  modelLabelsOf,
} from "./stored-completions.record.ts";
import {
  type CompletionListQuery,
  type CompletionUpdateRequest,
  completionUpdateRequest,
} from "./stored-completions.schema.ts";

/** https://platform.openai.com/docs/api-reference/chat/list */
export async function listChatCompletions(call: Call<unknown, CompletionListQuery>): Promise<Reply> {
  const { model, metadata, ...page } = call.query;
  const list = {
    ...completionList(call),
    labels: completionLabels(modelLabels(model === undefined ? [] : [model]), metadata),
  };
  return jsonReply(await listPage(call.services.store, list, page, completionOf, "asc"));
}

/** https://platform.openai.com/docs/api-reference/chat/get */
export async function getChatCompletion(call: Call): Promise<Reply> {
  return jsonReply(completionOf(await findCompletion(call)));
}

/** https://platform.openai.com/docs/api-reference/chat/update */
export async function updateChatCompletion(call: Call<CompletionUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, completionUpdateRequest.shape);
  if (call.zeroRetention) throw zeroRetentionOperation("Stored completions cannot be changed");
  const metadata = call.body.metadata ?? {};
  const key = completionKey(call);
  const record = await updateRecord(call.services.store, key, (former) => {
    const data = { ...(former.data as KeptCompletion), metadata };
    return { data, labels: completionLabels(modelLabelsOf(former), metadata) };
  });
  if (!record) throw completionNotFound(key.id);
  return jsonReply(completionOf(record));
}

/** https://platform.openai.com/docs/api-reference/chat/delete */
export async function deleteChatCompletion(call: Call): Promise<Reply> {
  const { id } = await findCompletion(call);
  await call.services.store.write([{ delete: completionKey(call) }]);
  const deleted: ChatCompletionDeleted = { id, object: "chat.completion.deleted", deleted: true };
  return jsonReply(deleted);
}

async function findCompletion(call: Call): Promise<StoredRecord> {
  const key = completionKey(call);
  const record = await call.services.store.get(key);
  if (!record) throw completionNotFound(key.id);
  return record;
}
