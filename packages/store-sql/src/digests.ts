import { hash } from "node:crypto";

/**
 * What rows are found by: 128 bits of SHA-256 over the texts that make it up. An index entry then has one size whatever clients write, and
 * each kind of look-up has one index that can serve it, which leaves a planner without statistics nothing to get wrong. To look
 * like another owner's, a text would have to be a second preimage.
 */
const DIGEST_BYTES = 16;
const POSITION_BYTES = 8;
/** What of an id a key begins with. */
const ID_CHARACTERS = 10;
const MAX_KNOWN = 1_000;
const MAX_KNOWN_LENGTH = 1_000;

/** The list that a record is in: its collection, its owner, the position of its parent. */
export interface List {
  readonly collection: string;
  readonly owner: string;
  readonly parent: number;
}

export function listDigest({ collection, owner, parent }: List): Uint8Array {
  const parts = ["list", collection, owner, Number(parent)];
  return parent === 0 ? knownDigest(parts) : besideSiblings(parent, digest(parts));
}

export function keyDigest({ collection, owner, parent }: List, id: string): Uint8Array {
  const found = digest(["key", collection, owner, Number(parent), id]);
  return parent === 0 ? besideNeighbours(id, found) : besideSiblings(parent, found);
}

/** One digest for each label. */
export function labelDigests(
  { collection, owner, parent }: List,
  labels: Readonly<Record<string, string>>,
): Uint8Array[] {
  return Object.entries(labels).map(([name, value]) =>
    knownDigest(["label", collection, owner, Number(parent), name, value]),
  );
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

/**
 * The outlet's ids tell the time behind their prefix, so that what is new is written to the last pages of the index. An id that does
 * not is found all the same.
 */
function besideNeighbours(id: string, digest: Uint8Array): Uint8Array {
  const from = Math.max(id.lastIndexOf("_"), id.lastIndexOf("-")) + 1;
  const place = Buffer.alloc(ID_CHARACTERS + DIGEST_BYTES);
  place.write(id.slice(from, from + ID_CHARACTERS), "latin1");
  place.set(digest, ID_CHARACTERS);
  return place;
}

/** Those of lists and labels, the same few again and again: finding one costs a fraction of making it. */
const known = new Map<string, Uint8Array>();

function knownDigest(parts: readonly (string | number)[]): Uint8Array {
  const text = JSON.stringify(parts);
  const found = known.get(text);
  if (found) return found;
  const digest = digestOf(text);
  if (known.size >= MAX_KNOWN) known.clear();
  if (text.length <= MAX_KNOWN_LENGTH) known.set(text, digest);
  return digest;
}

function digest(parts: readonly (string | number)[]): Uint8Array {
  return digestOf(JSON.stringify(parts));
}

function digestOf(text: string): Uint8Array {
  return hash("sha256", text, "buffer").subarray(0, DIGEST_BYTES);
}
