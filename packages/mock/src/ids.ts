/** A fresh object id: the prefix and 32 random hex digits. */
export function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll("-", "");
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
