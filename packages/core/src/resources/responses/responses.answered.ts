import { textsIn } from "../../moderation/content.ts";
import type { OutputItem } from "./responses.types.ts";

/** Items that nobody says: what servers offer, what stands for what was said before. */
const UNSAID: ReadonlySet<string> = new Set(["mcp_list_tools", "compaction"]);

/** What a model says in its items, as texts. Not what tools gave back, and no image that it made. */
export function answeredIn(output: readonly OutputItem[]): string[] {
  return output.flatMap((item) => {
    if (UNSAID.has(item.type)) return [];
    if (item.type === "mcp_call") return textsIn(item.name, item.arguments);
    const { result: _, ...said } = item as OutputItem & { result?: unknown };
    return textsIn(said);
  });
}
