import type { Batch } from "../../../engine/pieces.ts";
import type { ResponseEvent } from "../responses.events.ts";
import type { OutputItem, OutputMessage } from "../responses.types.ts";

export interface Released {
  /** Is given every event that is sent. */
  add(event: ResponseEvent): void;
  /** What is to be sent so that nothing stays open, and the items that were sent: a message as far as it came, and no other half item. */
  close(): { events: Batch<ResponseEvent>; output: OutputItem[] };
}

/** Remembers what was sent of an answer, for the case that the rest is withheld. */
export function createReleased(): Released {
  const over = new Map<number, OutputItem>();
  const messages = new Map<number, OutputMessage>();
  const partAt = (at: { output_index: number; content_index: number }) =>
    messages.get(at.output_index)?.content[at.content_index];

  return {
    add(event) {
      if (event.type === "response.output_item.added") {
        const { item } = event;
        if (item.type === "message") messages.set(event.output_index, { ...item, content: [] });
      } else if (event.type === "response.output_item.done") {
        messages.delete(event.output_index);
        over.set(event.output_index, event.item);
      } else if (event.type === "response.content_part.added") {
        const content = messages.get(event.output_index)?.content;
        const { part } = event;
        if (content && part.type !== "reasoning_text") content[event.content_index] = { ...part };
      } else if (event.type === "response.output_text.delta") {
        const part = partAt(event);
        if (part?.type === "output_text") part.text += event.delta;
      } else if (event.type === "response.refusal.delta") {
        const part = partAt(event);
        if (part?.type === "refusal") part.refusal += event.delta;
      }
    },
    close() {
      const events: ResponseEvent[] = [];
      for (const [output_index, message] of messages) {
        const content = message.content.filter(Boolean);
        for (const [content_index, part] of message.content.entries()) {
          if (!part) continue;
          const place = { item_id: message.id, output_index, content_index };
          if (part.type === "refusal") events.push({ type: "response.refusal.done", ...place, refusal: part.refusal });
          else events.push({ type: "response.output_text.done", ...place, text: part.text, logprobs: [] });
          events.push({ type: "response.content_part.done", ...place, part });
        }
        const item: OutputMessage = { ...message, status: "incomplete", content };
        events.push({ type: "response.output_item.done", output_index, item });
        over.set(output_index, item);
      }
      messages.clear();
      const output = [...over].sort(([a], [b]) => a - b).map(([, item]) => item);
      return { events, output };
    },
  };
}
