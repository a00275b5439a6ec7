import type { Call } from "../../../call.ts";
import { invalidEncryptedContent } from "../../../errors/catalogue.ts";
import type { ItemOf, MessageItem } from "../../../items/item.types.ts";
import { isSealed, type SealLabel } from "../../../sealing/sealer.ts";
import { ownerOf } from "../../../store/owner.ts";

type Caller = Pick<Call, "principal" | "services">;

/** What a compaction item says to the outlet, and to nobody else. */
export interface Compaction {
  readonly summary: string;
  /**
   * What of the items before it the summary stands for: `all` but the last user message, or the `work`, which is all but the user
   * messages.
   */
  readonly covers: "all" | "work";
}

export function isOwnCompaction(item: { readonly type: string }): item is ItemOf<"compaction"> {
  return item.type === "compaction" && isSealed((item as ItemOf<"compaction">).encrypted_content);
}

export function sealCompaction({ services, principal }: Caller, compaction: Compaction): Promise<string> {
  return services.sealer.seal(JSON.stringify(compaction), labelOf(principal));
}

/** @throws ApiError 400 `invalid_encrypted_content` */
export async function openCompaction(
  { services, principal }: Caller,
  { encrypted_content }: ItemOf<"compaction">,
): Promise<Compaction> {
  if (!isSealed(encrypted_content)) throw invalidEncryptedContent(encrypted_content);
  return JSON.parse(await services.sealer.open(encrypted_content, labelOf(principal))) as Compaction;
}

function labelOf(principal: Call["principal"]): SealLabel {
  return { purpose: "compaction", owner: ownerOf(principal) };
}

const PREFACE =
  "What was said and done before this was left out to make room. This summary stands for it; the user has not written it:";

/** The summary as a model reads it. It comes from a conversation, and has no more to say than a user has. */
export function summaryMessage(id: string, { summary }: Compaction): MessageItem {
  const text = `${PREFACE}\n\n${summary}`;
  return { id, type: "message", role: "user", status: "completed", content: [{ type: "input_text", text }] };
}
