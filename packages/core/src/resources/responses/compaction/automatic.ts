import type { ModelCall } from "../../../call.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import type { Item } from "../../../items/item.types.ts";
import { countChatPrompt } from "../../../ledger/count-chat.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import type { ChatCompletionRequest } from "../../chat/completions/chat-completions.schema.ts";
import { type Draft, placesOf } from "../responses.draft.ts";
import { responseUsage } from "../responses.object.ts";
import type { ResponseRequest } from "../responses.schema.ts";
import type { ResponseUsage } from "../responses.types.ts";
import { isUserMessage } from "./compacted.ts";
import { type Compaction, sealCompaction, summaryMessage } from "./state.ts";
import { summarise } from "./summarise.ts";

/** Where a request names no threshold: this much of the model's context window. */
const PART_OF_WINDOW = 0.8;

/**
 * Tokens from which on a context is compacted before the model is asked; `null` for never.
 * @throws ApiError 400 for another way of managing, or where no threshold is known
 */
export function compactThreshold(request: ResponseRequest, { contextWindow }: ResolvedModel): number | null {
  let lowest: number | null = null;
  for (const [index, { type, compact_threshold }] of (request.context_management ?? []).entries()) {
    const param = `context_management[${index}]`;
    if (type !== "compaction") {
      const message = `Invalid value: '${type.slice(0, 64)}'. Supported values are: 'compaction'.`;
      throw invalidRequest(message, `${param}.type`, "invalid_value");
    }
    const threshold = compact_threshold ?? (contextWindow === null ? null : Math.floor(contextWindow * PART_OF_WINDOW));
    if (threshold === null) {
      const name = `${param}.compact_threshold`;
      const message = `Missing required parameter: '${name}'. The context window of this model is not known.`;
      throw invalidRequest(message, name, "missing_required_parameter");
    }
    lowest = Math.min(lowest ?? threshold, threshold);
  }
  return lowest;
}

export function exceeds(
  threshold: number,
  chat: ChatCompletionRequest,
  { services }: Pick<ModelCall, "services">,
  target: ResolvedModel,
): boolean {
  return countChatPrompt(chat, target.tokenizer ?? services.tokenizer) > threshold;
}

/** A compaction that has just been made. */
export interface Compacted {
  readonly encryptedContent: string;
  readonly usage: ResponseUsage;
  /** What the model is asked about from now on. */
  readonly context: Item[];
}

/** Everything up to here summed up, for a client that has asked for no more than that. */
export function compactAll(call: ModelCall, target: ResolvedModel, draft: Draft): Promise<Compacted> {
  return compact(call, target, draft, { head: draft.context, tail: [], covers: "work" });
}

/** What was said before the user's last message, and what has been done about that one since, summed up; `null` for next to nothing. */
export async function compactContext(
  call: ModelCall,
  target: ResolvedModel,
  draft: Draft,
  items: readonly Item[],
): Promise<Compacted | null> {
  const last = items.findLastIndex(isUserMessage);
  const isFresh = last >= 0 && items.slice(last).every((item) => item.type === "message" && item.role !== "assistant");
  const head = isFresh ? items.slice(0, last) : items;
  if (head.length < 2) return null;
  const tail = isFresh ? items.slice(last) : items.slice(last, last + 1);
  return compact(call, target, draft, { head, tail: last < 0 ? [] : tail, covers: "all" });
}

interface Parts {
  readonly head: readonly Item[];
  readonly tail: readonly Item[];
  readonly covers: Compaction["covers"];
}

async function compact(
  call: ModelCall,
  target: ResolvedModel,
  draft: Draft,
  { head, tail, covers }: Parts,
): Promise<Compacted> {
  const places = placesOf({ ...draft, context: head }, call.receipt.emulated);
  const { text: summary, usage } = await summarise(call, target, draft.request, { items: head, places });
  const compaction = { summary, covers };
  return {
    encryptedContent: await sealCompaction(call, compaction),
    usage: responseUsage(usage),
    context: [summaryMessage("cmp_", compaction), ...tail],
  };
}
