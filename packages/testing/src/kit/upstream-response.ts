// What a far side says that has Responses of its own.

const FAR_ID = "resp_far";
const SAID = "Far away.";

/** The item ids of the far side: the outlet has its own. */
export const FAR_ITEMS = { reasoning: "rs_far", message: "msg_far" } as const;
export const FAR_THOUGHT = "sealed-by-the-far-side";

const reasoning = { id: FAR_ITEMS.reasoning, type: "reasoning", summary: [], encrypted_content: FAR_THOUGHT };
const part = { type: "output_text", text: SAID, annotations: [], logprobs: [] };
const message = {
  id: FAR_ITEMS.message,
  type: "message",
  status: "completed",
  role: "assistant",
  content: [part],
};

export function upstreamResponse(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: FAR_ID,
    object: "response",
    created_at: 1_700_000_000,
    completed_at: 1_700_000_001,
    status: "completed",
    error: null,
    incomplete_details: null,
    model: "far-2026-01-01",
    output: [reasoning, message],
    store: false,
    usage: {
      input_tokens: 21,
      input_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 25,
    },
    ...more,
  };
}

/** The events of the same response, each as its text. */
export function upstreamResponseEvents(): string[] {
  const begun = upstreamResponse({ status: "in_progress", output: [], usage: null });
  const of = (index: number, item_id: string) => ({ output_index: index, item_id, content_index: 0 });
  const events: Record<string, unknown>[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    { type: "response.output_item.added", output_index: 0, item: { ...reasoning, encrypted_content: undefined } },
    { type: "response.output_item.done", output_index: 0, item: reasoning },
    { type: "response.output_item.added", output_index: 1, item: { ...message, status: "in_progress", content: [] } },
    { type: "response.content_part.added", ...of(1, FAR_ITEMS.message), part: { ...part, text: "" } },
    { type: "response.output_text.delta", ...of(1, FAR_ITEMS.message), delta: SAID, logprobs: [], obfuscation: "x" },
    { type: "response.output_text.done", ...of(1, FAR_ITEMS.message), text: SAID, logprobs: [] },
    { type: "response.content_part.done", ...of(1, FAR_ITEMS.message), part },
    { type: "response.output_item.done", output_index: 1, item: message },
    { type: "response.completed", response: upstreamResponse() },
  ];
  return events.map((event, index) => {
    const data = JSON.stringify({ ...event, sequence_number: index + 100 });
    return `event: ${String(event.type)}\ndata: ${data}\n\n`;
  });
}
