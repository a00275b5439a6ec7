export interface DataUrl {
  /** Lower-case; empty where the URL names none. */
  readonly mediaType: string;
  /** True when the data is base64, the only form the API takes. */
  readonly base64: boolean;
  /** Where in the URL the data begins. */
  readonly dataAt: number;
}

const MAX_HEAD = 256;

export function isDataUrl(url: string): boolean {
  return url.slice(0, 5).toLowerCase() === "data:";
}

/** The head of a `data:` URL; `null` when it has none. The data itself is not looked at. */
export function parseDataUrl(url: string): DataUrl | null {
  if (!isDataUrl(url)) return null;
  const comma = url.slice(0, MAX_HEAD).indexOf(",");
  if (comma < 0) return null;
  const [mediaType = "", ...parameters] = url.slice(5, comma).toLowerCase().split(";");
  return { mediaType: mediaType.trim(), base64: parameters.at(-1)?.trim() === "base64", dataAt: comma + 1 };
}
