import type { Principal } from "./principal.ts";

const MAX_KEY_LENGTH = 512;

export type Keys = readonly string[] | Readonly<Record<string, Principal>>;

/**
 * Static keys. A presented key is compared with every configured key, in time that depends on neither where
 * they differ nor which one matches.
 */
export function createKeyring(keys: Keys): (presented: string) => Principal | undefined {
  const entries: readonly (readonly [string, Principal])[] = isList(keys)
    ? keys.map((key, index) => [key, { id: `key-${index + 1}` }])
    : Object.entries(keys);
  for (const [key] of entries) {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      throw new TypeError(`an API key must have 1 to ${MAX_KEY_LENGTH} characters`);
    }
  }
  return (presented) => {
    let found: Principal | undefined;
    for (const [key, principal] of entries) if (equalInConstantTime(key, presented)) found = principal;
    return found;
  };
}

function isList(keys: Keys): keys is readonly string[] {
  return Array.isArray(keys);
}

/** Its time depends on the configured key's length alone. */
function equalInConstantTime(key: string, presented: string): boolean {
  let difference = key.length ^ presented.length;
  // A key of another length differs already; the same steps are gone all the same.
  const other = difference === 0 ? presented : key;
  for (let i = 0; i < key.length; i++) difference |= key.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
