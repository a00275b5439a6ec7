const ofThisProcess = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
let made = 0;

/** A fresh object id: the prefix and 32 hex digits, of which 20 are random and this process's, and the others count. */
export function newId(prefix: string): string {
  made++;
  return prefix + ofThisProcess + made.toString(16).padStart(12, "0");
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
