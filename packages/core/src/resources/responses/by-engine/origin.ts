/**
 * What a model keeps to itself (thoughts, a compacted conversation) can be read by that model alone. The outlet notes whose it is, so that a
 * conversation which goes on with another model does not hand it what it would refuse.
 */
const SEPARATOR = ".";

/** Encrypted content, with a note of the model that can read it. */
export function noted(content: string, model: string): string {
  return `${base64Url(model)}${SEPARATOR}${content}`;
}

/** The content as this model gave it; `null` when it is another's. */
export function ownContent(content: string, model: string): string | null {
  const at = content.indexOf(SEPARATOR);
  return at >= 0 && content.slice(0, at) === base64Url(model) ? content.slice(at + 1) : null;
}

function base64Url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
