import type { Call } from "../../../../call.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { type PageQuery, pageOf } from "../../../../pipeline/page.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import type { ChatMessage } from "../chat-completions.schema.ts";
import { completionKey, completionNotFound } from "../stored-completions.record.ts";
import { storedMessages } from "./chat-messages.ts";
import type { StoredChatMessageList } from "./chat-messages.types.ts";

/** What the completion answered, in the order in which it was said. https://platform.openai.com/docs/api-reference/chat/getMessages */
export async function getChatCompletionMessages(call: Call<unknown, PageQuery>): Promise<Reply> {
  const key = completionKey(call);
  const record = await call.services.store.get(key);
  if (!record) throw completionNotFound(key.id);
  const list: StoredChatMessageList = pageOf(
    storedMessages(key.id, record.details as ChatMessage[]),
    call.query,
    "asc",
  );
  return jsonReply(list);
}
