/** What a key opens says its prefix, as in the API: an admin key, a service account's, a user's. */
export type SecretPrefix = "sk-admin-" | "sk-svcacct-" | "sk-proj-";

export interface NewSecret {
  /** Shown once. */
  readonly value: string;
  readonly digest: string;
  readonly redacted: string;
}

const SECRET_BYTES = 32;
const ISSUED = /^sk-(?:admin|svcacct|proj)-[\w-]{43}$/;

/** False for what can be no issued key, whatever is in the store. */
export function looksIssued(presented: string): boolean {
  return ISSUED.test(presented);
}

export async function newSecret(prefix: SecretPrefix): Promise<NewSecret> {
  const value = prefix + base64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  return { value, digest: await digestOf(value), redacted: `${prefix}${"*".repeat(8)}${value.slice(-4)}` };
}

/**
 * SHA-256, and no slow hash with salt: there are no guesses at 256 random bits that one would have to slow down, and the
 * digest is what the key is found by.
 */
export async function digestOf(secret: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
