import { hash } from "node:crypto";

/**
 * What rows are found by: 128 bits of SHA-256 over the texts that make it up. An index entry then has one size whatever clients write, and
 * each kind of look-up has one index that can serve it, which leaves a planner without statistics nothing to get wrong. To look
 * like another owner's, a text would have to be a second preimage.
 */
const DIGEST_BYTES = 16;

/** The list that a record is in: its collection, its owner, the position of its parent. */
export interface List {
  readonly collection: string;
  readonly owner: string;
  readonly parent: number;
}

export function listDigest({ collection, owner, parent }: List): Uint8Array {
  return digest(["list", collection, owner, Number(parent)]);
}

export function keyDigest({ collection, owner, parent }: List, id: string): Uint8Array {
  return digest(["key", collection, owner, Number(parent), id]);
}

/** One digest for each label. */
export function labelDigests(
  { collection, owner, parent }: List,
  labels: Readonly<Record<string, string>>,
): Uint8Array[] {
  return Object.entries(labels).map(([name, value]) =>
    digest(["label", collection, owner, Number(parent), name, value]),
  );
}

function digest(parts: readonly (string | number)[]): Uint8Array {
  return hash("sha256", JSON.stringify(parts), "buffer").subarray(0, DIGEST_BYTES);
}
