import {
  appendItems,
  conversationKey,
  findConversation,
  readItems,
} from "../../../conversations/conversation.record.ts";
import { duplicateItem } from "../../../conversations/new-items.ts";
import { ApiError } from "../../../errors/api-error.ts";
import { toApiError } from "../../../errors/to-api-error.ts";
import type { JobEnding } from "../../../jobs/job.ts";
import type { Change, RecordKey, Store } from "../../../store/store.ts";
import type { Draft } from "../responses.draft.ts";
import { responseFailure } from "../responses.object.ts";
import { endOf, type StoredResponse, saidIn } from "../responses.state.ts";
import type { ResponseObject } from "../responses.types.ts";
import { isPending } from "./pending.ts";

/** The response as it became, and what was said in its conversation: in one write with the end of the job. */
export function endingOf(store: Store, key: RecordKey, draft: Draft): JobEnding {
  let isFirst = true;
  return async () => {
    // The write is refused when the conversation has changed too much: that is looked into when it has happened.
    const obstacle = isFirst ? null : await obstacleTo(store, key.owner, draft);
    isFirst = false;
    if (obstacle) return failing(store, key, obstacle);
    const { conversation, response } = draft;
    const added = conversation === null ? [] : appendItems(key.owner, conversation, saidIn(draft), response.created_at);
    return replacing(store, key, () => response, added);
  };
}

/** The response as failed, with the reason that its owner may know. */
export function failing(store: Store, key: RecordKey, reason: unknown): Promise<Change[]> {
  const error = responseFailure(toApiError(reason, { aborted: false }));
  return replacing(store, key, (response) => ({ ...response, status: "failed", error }));
}

/** Nothing, when the response is over or gone by now. */
async function replacing(
  store: Store,
  key: RecordKey,
  change: (response: ResponseObject) => ResponseObject,
  also: readonly Change[] = [],
): Promise<Change[]> {
  const record = await store.get(key);
  const stored = record?.data as StoredResponse | undefined;
  if (!record || !stored || !isPending(stored)) return [];
  const end = endOf(stored, change(stored.response));
  return [{ replace: { ...key, version: record.version, ...end } }, ...also];
}

/** Why what was said cannot be added to the conversation; null when it can. */
async function obstacleTo(store: Store, owner: string, draft: Draft): Promise<ApiError | null> {
  const { conversation } = draft;
  if (conversation === null) return null;
  try {
    await findConversation(store, conversationKey(owner, conversation));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return error;
    throw error;
  }
  const known = new Set((await readItems(store, owner, conversation)).map((item) => item.id));
  const twice = saidIn(draft).find((item) => known.has(item.id));
  return twice ? duplicateItem(twice.id, "input") : null;
}
