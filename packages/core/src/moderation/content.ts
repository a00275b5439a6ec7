import type { ModerationPart } from "../resources/moderations/moderations.schema.ts";

/** One input to be judged: texts, and one image at most. */
export type ModerationInput = readonly ModerationPart[];

/** What is neither said nor shown: names of things, settings, bytes that nobody reads here. */
const UNSAID: ReadonlySet<string> = new Set([
  "type",
  "role",
  "id",
  "call_id",
  "tool_call_id",
  "approval_request_id",
  "item_id",
  "status",
  "phase",
  "detail",
  "data",
  "format",
  "file_data",
  "file_id",
  "file_url",
  "encrypted_content",
  "prompt_cache_breakpoint",
  "logprobs",
]);

/**
 * Everything that a request's messages or items say and show, as what a moderation takes: all texts together with the first image, every
 * further image by itself. Whatever is not known to be a mere setting counts as said, so nothing new is overlooked.
 */
export function moderationContent(...said: readonly unknown[]): ModerationInput[] {
  const texts: string[] = [];
  const images: string[] = [];
  collect(said, texts, images);
  const parts: ModerationPart[] = texts.map((text) => ({ type: "text", text }));
  const shown: ModerationPart[] = images.map((url) => ({ type: "image_url", image_url: { url } }));
  const first = [...parts, ...shown.slice(0, 1)];
  return first.length === 0 ? [] : [first, ...shown.slice(1).map((image) => [image])];
}

/** The texts among them alone. */
export function textsIn(...said: readonly unknown[]): string[] {
  const texts: string[] = [];
  collect(said, texts, []);
  return texts;
}

function collect(value: unknown, texts: string[], images: string[]): void {
  if (typeof value === "string") {
    if (value !== "") texts.push(value);
  } else if (Array.isArray(value)) {
    for (const one of value) collect(one, texts, images);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      if (UNSAID.has(key)) continue;
      if (key === "image_url") {
        const url = typeof one === "string" ? one : (one as { url?: unknown } | null)?.url;
        if (typeof url === "string") images.push(url);
      } else collect(one, texts, images);
    }
  }
}
