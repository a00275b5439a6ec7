import { base64UrlOf } from "../inputs/base64.ts";

/** A key, and what a text says of it. */
export interface SealingKey {
  readonly id: string;
  readonly key: CryptoKey;
}

const MIN_SECRET = 32;
const ID_BITS = 48;

/** @throws TypeError for secrets that are none */
export function checkSealingKeys(secrets: readonly string[] | undefined): void {
  if (secrets === undefined) return;
  if (secrets.length === 0) throw new TypeError("sealingKeys is empty");
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== "string" || secret.length < MIN_SECRET) {
      throw new TypeError(`sealingKeys[${index}] must be a string of at least ${MIN_SECRET} characters`);
    }
  }
}

/** The secrets' keys, derived when they are first asked for. What fails is tried again by the next who asks. */
export function sealingKeys(secrets: () => Promise<readonly string[]>): () => Promise<readonly SealingKey[]> {
  let keys: Promise<readonly SealingKey[]> | undefined;
  return () => {
    keys ??= secrets()
      .then((all) => Promise.all(all.map(derived)))
      .catch((error: unknown) => {
        keys = undefined;
        throw error;
      });
    return keys;
  };
}

async function derived(secret: string): Promise<SealingKey> {
  const bytes = new TextEncoder().encode(secret);
  const source = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
  const hkdf = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: new TextEncoder().encode(info),
  });
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(hkdf("outlet sealing key"), source, aes, false, ["encrypt", "decrypt"]);
  const id = await crypto.subtle.deriveBits(hkdf("outlet sealing key id"), source, ID_BITS);
  return { id: base64UrlOf(new Uint8Array(id)), key };
}
