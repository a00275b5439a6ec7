export interface PartHead {
  /** The field's name, brackets included: `timestamp_granularities[]`. */
  readonly name: string;
  /** Set for files. As the client sent it: never a path to use. */
  readonly filename: string | undefined;
  readonly contentType: string;
}

/** The name, file name and type that a part's header lines give; `null` without a name. RFC 7578 §4.2. */
export function partHead(lines: string): PartHead | null {
  let disposition = "";
  let contentType = "";
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    const header = line.slice(0, colon).trim().toLowerCase();
    if (header === "content-disposition") disposition = line.slice(colon + 1);
    else if (header === "content-type") contentType = line.slice(colon + 1).trim();
  }
  const name = parameter(disposition, "name");
  if (name === undefined || !/^\s*form-data\s*(?:;|$)/i.test(disposition)) return null;
  const filename = parameter(disposition, "filename");
  const fallback = filename === undefined ? "text/plain" : "application/octet-stream";
  return { name, filename, contentType: contentType || fallback };
}

/** Browsers and SDKs escape a quote or a line break in a name as `%22`, `%0D`, `%0A`, older clients as `\"`. */
function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(disposition);
  const value = found?.[1]?.replaceAll(/\\(["\\])/g, "$1") ?? found?.[2];
  return value?.replaceAll(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
