import type { OutputMessage, OutputRefusal, OutputText, TokenLogprob, UrlCitation } from "../responses.types.ts";
import type { NewItem, OpenItem } from "./open-item.ts";

export interface OpenMessage extends OpenItem {
  say(delta: string, logprobs: TokenLogprob[]): void;
  refuse(delta: string): void;
  cite(citation: UrlCitation): void;
}

/** A message that is being said: texts and refusals, one part after the other. */
export function openMessage({ id, index, emit }: NewItem): OpenMessage {
  const content: OutputMessage["content"] = [];
  const started: OutputMessage = { id, type: "message", status: "in_progress", content: [], role: "assistant" };
  emit({ type: "response.output_item.added", output_index: index, item: started });

  const place = () => ({ item_id: id, output_index: index, content_index: content.length - 1 });
  const open = <Part extends OutputText | OutputRefusal>(part: Part): Part => {
    endPart();
    content.push(part);
    const copy = part.type === "output_text" ? { ...part, annotations: [], logprobs: [] } : { ...part };
    emit({ type: "response.content_part.added", ...place(), part: copy });
    return part;
  };
  const endPart = () => {
    const part = content.at(-1);
    if (!part) return;
    if (part.type === "output_text") {
      const { text, logprobs } = part;
      emit({ type: "response.output_text.done", ...place(), text, logprobs });
    } else emit({ type: "response.refusal.done", ...place(), refusal: part.refusal });
    emit({ type: "response.content_part.done", ...place(), part });
  };
  const textPart = () => {
    const last = content.at(-1);
    return last?.type === "output_text" ? last : open(emptyText());
  };

  return {
    index,
    say(delta, logprobs) {
      const part = textPart();
      part.text += delta;
      for (const logprob of logprobs) part.logprobs.push(logprob);
      emit({ type: "response.output_text.delta", ...place(), delta, logprobs });
    },
    refuse(delta) {
      const last = content.at(-1);
      const part = last?.type === "refusal" ? last : open({ type: "refusal", refusal: "" });
      part.refusal += delta;
      emit({ type: "response.refusal.delta", ...place(), delta });
    },
    cite(annotation) {
      const { annotations } = textPart();
      annotations.push(annotation);
      const annotation_index = annotations.length - 1;
      emit({ type: "response.output_text.annotation.added", ...place(), annotation_index, annotation });
    },
    close(status) {
      if (content.length === 0) open(emptyText());
      endPart();
      const item: OutputMessage = { ...started, status, content };
      emit({ type: "response.output_item.done", output_index: index, item });
      return item;
    },
  };
}

function emptyText(): OutputText {
  return { type: "output_text", annotations: [], logprobs: [], text: "" };
}
