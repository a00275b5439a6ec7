/** Random bytes of an id. */
const ID_BYTES = 11;
const TICKS_PER_SECOND = 256;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Random bytes for the next ids: to ask for them costs the same for one as for thousands, and more than all else of an id. */
const stock = new Uint8Array(ID_BYTES * 2048);
let used = stock.length;
let lastTick = 0;
let time = "";

/**
 * A fresh object id: `newId("chatcmpl-")` → the prefix and 32 hex digits, of which the first 10 tell the time and the others are random. So
 * what is stored at one time stands together in a database's indexes: records at random places cost twice as much to write.
 */
export function newId(prefix: string): string {
  const tick = Math.floor((Date.now() / 1000) * TICKS_PER_SECOND);
  if (tick !== lastTick) {
    lastTick = tick;
    time = tick.toString(16).padStart(10, "0");
  }
  if (used === stock.length) {
    crypto.getRandomValues(stock);
    used = 0;
  }
  let id = prefix + time;
  for (const end = used + ID_BYTES; used < end; used++) id += HEX[stock[used] as number];
  return id;
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
