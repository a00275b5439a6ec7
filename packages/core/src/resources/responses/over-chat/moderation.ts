import type { ModelCall } from "../../../call.ts";
import { moderationContent } from "../../../moderation/content.ts";
import { type Judged, type RequestedModeration, requestedModeration } from "../../../moderation/requested.ts";
import type { ModerationResult } from "../../moderations/moderations.types.ts";
import type { Draft } from "../responses.draft.ts";
import type { OutputItem, ResponseModeration } from "../responses.types.ts";

/**
 * The moderation that a response was asked for with; it has begun with what this request adds.
 * @throws ApiError 400 for input that is to be blocked
 */
export async function begunModeration(
  call: ModelCall,
  { request, input }: Draft,
): Promise<RequestedModeration | undefined> {
  const moderation = request.moderation && requestedModeration(request.moderation, call);
  await moderation?.begin(moderationContent(request.instructions, input), "input");
  return moderation ?? undefined;
}

/** What came of it, as a response has it: one result a side. */
export async function endedModeration(
  moderation: RequestedModeration,
  output: readonly OutputItem[],
): Promise<ResponseModeration> {
  const said = moderationContent(output).flatMap((parts) =>
    parts.flatMap((part) => (part.type === "text" ? [part.text] : [])),
  );
  const judged = await moderation.end([said.join("\n")]);
  return { input: shownAs(judged.input, moderation.model), output: shownAs(judged.output, moderation.model) };
}

function shownAs(judged: Judged, model: string): ResponseModeration["input"] {
  if ("error" in judged) return { type: "error", ...judged.error };
  return { type: "moderation_result", model, ...together(judged.results) };
}

/** Of several results what is worst in each category. */
function together(results: readonly ModerationResult[]): ModerationResult {
  const sum = { flagged: false, categories: {}, category_scores: {}, category_applied_input_types: {} };
  const { categories, category_scores: scores, category_applied_input_types: types } = sum as ModerationResult;
  for (const result of results) {
    sum.flagged ||= result.flagged;
    for (const [name, flagged] of entries(result.categories)) categories[name] ||= flagged;
    for (const [name, score] of entries(result.category_scores)) scores[name] = Math.max(scores[name] ?? 0, score);
    for (const [name, seen] of entries(result.category_applied_input_types ?? types)) {
      Object.assign(types, { [name]: [...new Set([...(types[name] ?? []), ...seen])] });
    }
  }
  return sum as ModerationResult;
}

function entries<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
