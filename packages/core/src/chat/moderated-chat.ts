import type { Judged, RequestedModeration } from "../moderation/requested.ts";
import type { ChatModeration } from "../resources/chat/completions/chat-completions.types.ts";
import type { Screen } from "./ask-chat.ts";
import { saidIn } from "./chat-pieces.ts";

/** Has what a chat says judged, and says so before its last piece. */
export function moderationScreen({ guard, model, end }: RequestedModeration): Screen {
  const said: string[] = [];
  return {
    guards: guard ? [guard] : [],
    add(batch) {
      for (const piece of batch) said[piece.index] = (said[piece.index] ?? "") + saidIn(piece);
    },
    async end() {
      const { input, output } = await end(said);
      return { index: 0, moderation: { input: shownAs(input, model), output: shownAs(output, model) } };
    },
  };
}

function shownAs(judged: Judged, model: string): ChatModeration["input"] {
  if ("error" in judged) return { type: "error", ...judged.error };
  const results = judged.results.map((result) => ({
    ...result,
    category_applied_input_types: result.category_applied_input_types ?? {},
    model,
    type: "moderation_result" as const,
  }));
  return { type: "moderation_results", model, results };
}
