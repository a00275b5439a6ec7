import type { ReasoningItem } from "../responses.types.ts";
import type { NewItem, OpenItem } from "./open-item.ts";

export interface OpenReasoning extends OpenItem {
  think(delta: string): void;
}

/** Thoughts of a model that shows them, as one text. */
export function openReasoning({ id, index, emit }: NewItem): OpenReasoning {
  const place = { item_id: id, output_index: index, content_index: 0 };
  const started: ReasoningItem = { id, type: "reasoning", summary: [], content: [], status: "in_progress" };
  let text = "";
  emit({ type: "response.output_item.added", output_index: index, item: started });
  emit({ type: "response.content_part.added", ...place, part: { type: "reasoning_text", text: "" } });
  return {
    index,
    think(delta) {
      text += delta;
      emit({ type: "response.reasoning_text.delta", ...place, delta });
    },
    close(status) {
      const part = { type: "reasoning_text", text } as const;
      emit({ type: "response.reasoning_text.done", ...place, text });
      emit({ type: "response.content_part.done", ...place, part });
      const item: ReasoningItem = { ...started, content: [part], status };
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}
