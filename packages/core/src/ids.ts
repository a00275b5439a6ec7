/** Random digits of an id. */
const ID_DIGITS = 22;
const STOCKED_IDS = 256;
const TICKS_PER_SECOND = 256;
const CODE_OF_DIGIT: readonly number[] = Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const ascii = new TextDecoder();
/**
 * Random digits for the next ids: to ask for bytes costs the same for one id as for hundreds, and more than all else of an id. What is cut
 * from one text is a look into it; digits put together one by one would leave an object each behind.
 */
let stock = "";
let used = 0;
let lastTick = 0;
let time = "";

function newStock(): string {
  const digits = crypto.getRandomValues(new Uint8Array(ID_DIGITS * STOCKED_IDS));
  for (let at = 0; at < digits.length; at++) digits[at] = CODE_OF_DIGIT[(digits[at] as number) & 15] as number;
  return ascii.decode(digits);
}

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
    stock = newStock();
    used = 0;
  }
  const from = used;
  used += ID_DIGITS;
  return prefix + time + stock.slice(from, used);
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
