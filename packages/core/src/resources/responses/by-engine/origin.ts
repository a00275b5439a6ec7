import { invalidRequest } from "../../../errors/catalogue.ts";
import { base64UrlOf } from "../../../inputs/base64.ts";

/**
 * What a model keeps to itself (thoughts, a compacted conversation) can be read by that model alone. The outlet notes whose it is, so that a
 * conversation which goes on with another model does not hand it what it would refuse.
 */
const SEPARATOR = ".";

/** Encrypted content, with a note of the model that can read it. */
export function noted(content: string, model: string): string {
  return `${base64Url(model)}${SEPARATOR}${content}`;
}

/** True for content of some model's behind the outlet. */
export function isNoted(content: string): boolean {
  return /^[\w-]+\./.test(content);
}

/** The content as this model gave it; `null` when it is another's. */
export function ownContent(content: string, model: string): string | null {
  const at = content.indexOf(SEPARATOR);
  return at >= 0 && content.slice(0, at) === base64Url(model) ? content.slice(at + 1) : null;
}

/** 400: there is nothing left of the conversation that this model could read. */
export function othersCompaction() {
  return invalidRequest("The conversation was compacted by another model, which alone can read it.", "input");
}

function base64Url(text: string): string {
  return base64UrlOf(new TextEncoder().encode(text));
}
