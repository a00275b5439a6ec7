const TEXT = Symbol.for("outlet.json-text");

/** The text of a JSON value, for a record whose document has been put into words already. A store keeps it as it is. */
export interface JsonText {
  readonly [TEXT]: string;
  /** The value, for who does not know of this. */
  toJSON(): unknown;
}

/** @param text valid JSON: nobody checks it again before it is read */
export function jsonText(text: string): JsonText {
  return { [TEXT]: text, toJSON };
}

function toJSON(this: JsonText): unknown {
  return JSON.parse(this[TEXT]);
}

/**
 * The text of a record's data or details, for a store to keep.
 * @throws TypeError for what is no JSON value
 */
export function jsonOf(value: unknown): string {
  if (isJsonText(value)) return value[TEXT];
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError("A record's data must be a JSON value.");
  return json;
}

function isJsonText(value: unknown): value is JsonText {
  return typeof value === "object" && value !== null && TEXT in value;
}
