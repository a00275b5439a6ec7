import { invalidEncryptedContent } from "../errors/catalogue.ts";
import { base64UrlBytes, base64UrlOf } from "../inputs/base64.ts";
import type { SealingKey } from "./sealing-keys.ts";

/** What a sealed text is, and whose: it opens for the same alone. */
export interface SealLabel {
  readonly purpose: "reasoning" | "compaction";
  /** See `ownerOf`. */
  readonly owner: string;
}

/** Makes texts that clients keep for the outlet: they can neither read nor change them, nor use each other's. */
export interface Sealer {
  seal(text: string, label: SealLabel): Promise<string>;
  /** @throws ApiError 400 `invalid_encrypted_content` for a text that was changed, is somebody else's or has a key that is not here */
  open(sealed: string, label: SealLabel): Promise<string>;
}

/** A colon is in no base64: no text of another maker begins like this. */
const MAKER = "outlet:";
const VERSION = "1";
/** As AES-GCM wants it; random ones are good for 2^32 texts a key. */
const IV_BYTES = 12;
const SHAPE = /^outlet:1:([\w-]{8}):([\w-]+)$/;

/** True for texts that an outlet has sealed, of whatever version. */
export function isSealed(text: string): boolean {
  return text.startsWith(MAKER);
}

/** @param keys the first one seals, all of them open */
export function createSealer(keys: () => Promise<readonly SealingKey[]>): Sealer {
  return {
    async seal(text, label) {
      const [key] = await keys();
      if (!key) throw new TypeError("there is no key to seal with");
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: "AES-GCM", iv, additionalData: bound(key.id, label) };
      const box = new Uint8Array(await crypto.subtle.encrypt(algorithm, key.key, new TextEncoder().encode(text)));
      const bytes = new Uint8Array(IV_BYTES + box.length);
      bytes.set(iv);
      bytes.set(box, IV_BYTES);
      return `${MAKER}${VERSION}:${key.id}:${base64UrlOf(bytes)}`;
    },
    async open(sealed, label) {
      const [, id, encoded = ""] = SHAPE.exec(sealed) ?? [];
      const key = (await keys()).find((one) => one.id === id);
      const bytes = base64UrlBytes(encoded);
      if (!key || !bytes) throw invalidEncryptedContent(sealed);
      const iv = bytes.subarray(0, IV_BYTES);
      const algorithm = { name: "AES-GCM", iv, additionalData: bound(key.id, label) };
      const text = await crypto.subtle.decrypt(algorithm, key.key, bytes.subarray(IV_BYTES)).catch(() => {
        throw invalidEncryptedContent(sealed);
      });
      return new TextDecoder().decode(text);
    },
  };
}

function bound(key: string, { purpose, owner }: SealLabel): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([VERSION, key, purpose, owner]));
}
