import { hash } from "node:crypto";

/**
 * What rows are found by: 128 bits of SHA-256 over the texts that make it up, so that index entries are short whatever clients write, and
 * each kind of look-up has one index that can serve it, which leaves a planner without statistics nothing to get wrong. To look
 * like another owner's, a text would have to be a second preimage.
 */
const DIGEST_BYTES = 16;
const POSITION_BYTES = 8;
/** Ids that stand in a key as they are, which are longer than a key with a digest; the outlet's own are among them. */
const PLAIN_ID = /^[\w-]{17,64}$/;
const MAX_KNOWN = 1_000;
const MAX_KNOWN_LENGTH = 1_000;

/** The list that a record is in: its collection, its owner, the position of its parent. */
export interface List {
  readonly collection: string;
  readonly owner: string;
  readonly parent: number;
}

export function listDigest({ collection, owner, parent }: List): Uint8Array {
  if (parent === 0) return knownList(collection, owner);
  return besideSiblings(parent, digest(["list", collection, owner, Number(parent)]));
}

/**
 * The outlet's ids tell the time behind their prefix: what is new is written to the last pages of the index. An id that stands there as it
 * is costs no digest of its own.
 */
export function keyDigest({ collection, owner, parent }: List, id: string): Uint8Array {
  if (parent !== 0) return besideSiblings(parent, digest(["key", collection, owner, Number(parent), id]));
  if (!PLAIN_ID.test(id)) return digest(["key", collection, owner, 0, id]);
  const key = Buffer.allocUnsafe(id.length + DIGEST_BYTES);
  key.write(id, "latin1");
  key.set(knownList(collection, owner), id.length);
  return key;
}

/** One digest for each label. */
export function labelDigests(
  { collection, owner, parent }: List,
  labels: Readonly<Record<string, string>>,
): Uint8Array[] {
  return Object.entries(labels).map(([name, value]) => {
    const parts = ["label", collection, owner, Number(parent), name, value];
    return parent === 0 ? known(`${collection}\0${owner}\0${name.length} ${name}${value}`, parts) : digest(parts);
  });
}

/**
 * What belongs to a parent stands in the index by the parent's position: the children of one parent on a few pages, those of the
 * newest parents at the end. By their digests alone, each would be written to a page of its own.
 */
function besideSiblings(parent: number, digest: Uint8Array): Uint8Array {
  const place = Buffer.allocUnsafe(POSITION_BYTES + DIGEST_BYTES);
  place.writeBigUInt64BE(BigInt(parent));
  place.set(digest, POSITION_BYTES);
  return place;
}

/** Those of lists without a parent and of their labels, the same few again and again: finding one costs a fraction of making it. */
const kept = new Map<string, Uint8Array>();

function knownList(collection: string, owner: string): Uint8Array {
  return known(`${collection}\0${owner}`, ["list", collection, owner, 0]);
}

/** @param name of these parts alone: stored texts have no NUL in them */
function known(name: string, parts: readonly (string | number)[]): Uint8Array {
  const found = kept.get(name);
  if (found) return found;
  const made = digest(parts);
  if (kept.size >= MAX_KNOWN) kept.clear();
  if (name.length <= MAX_KNOWN_LENGTH) kept.set(name, made);
  return made;
}

function digest(parts: readonly (string | number)[]): Uint8Array {
  return hash("sha256", JSON.stringify(parts), "buffer").subarray(0, DIGEST_BYTES);
}
