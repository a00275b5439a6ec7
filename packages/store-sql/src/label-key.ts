import { hash } from "node:crypto";

const KEY_BYTES = 16;

/** The list that a record is in: its collection, its owner, the position of its parent. */
export interface List {
  readonly collection: string;
  readonly owner: string;
  readonly parent: number;
}

/** One key for each label. 128 bits of SHA-256: to look like another owner's label takes a second preimage. */
export function labelKeys({ collection, owner, parent }: List, labels: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(labels).map(([name, value]) =>
    hash("sha256", JSON.stringify([collection, owner, parent, name, value]), "buffer").subarray(0, KEY_BYTES),
  );
}
