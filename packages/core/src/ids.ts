const ID_BYTES = 16;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Random bytes for the next ids: asking for them a few at a time costs more than the ids. */
const stock = new Uint8Array(ID_BYTES * 128);
let used = stock.length;

/** A fresh object id: `newId("chatcmpl-")` → the prefix and 32 random hex digits. */
export function newId(prefix: string): string {
  if (used === stock.length) {
    crypto.getRandomValues(stock);
    used = 0;
  }
  let id = prefix;
  for (const end = used + ID_BYTES; used < end; used++) id += HEX[stock[used] as number];
  return id;
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
