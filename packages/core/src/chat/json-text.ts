const FENCE = /^\s*```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```\s*$/i;

export interface JsonText {
  /** The JSON itself, without what the model has put around it. */
  readonly text: string;
  readonly value: unknown;
}

/** The JSON in what a model that was asked for JSON has said: as it stands, in a code fence, or with words around it. */
export function findJson(said: string): JsonText | undefined {
  const fenced = said.length > 0 ? FENCE.exec(said)?.[1] : undefined;
  const braced = said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1);
  for (const text of [said.trim(), fenced?.trim(), braced]) {
    if (!text) continue;
    try {
      return { text, value: JSON.parse(text) };
    } catch {
      // The next reading may be it.
    }
  }
  return undefined;
}
