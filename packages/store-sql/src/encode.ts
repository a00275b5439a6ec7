import { type Change, jsonOf, type ListQuery, parentCollection, type RecordKey } from "@outlet/core";
import { NEVER } from "./never.ts";
import { stored } from "./text.ts";

/** A key in the database's own texts. */
export interface RowKey {
  readonly collection: string;
  readonly owner: string;
  readonly id: string;
  readonly parent: { readonly collection: string; readonly owner: string; readonly id: string } | null;
}

/** A change in the database's own texts. Made before anything is queued: what cannot be written fails its caller alone. */
export type RowChange =
  | {
      readonly type: "insert";
      readonly key: RowKey;
      readonly createdAt: number;
      readonly dueAt: number | null;
      readonly expiresAt: number;
      readonly labels: Readonly<Record<string, string>>;
      readonly data: string;
      readonly details: string | null;
    }
  | {
      readonly type: "replace";
      readonly key: RowKey;
      readonly version: number;
      readonly dueAt?: number | null | undefined;
      readonly expiresAt?: number | undefined;
      readonly labels?: Readonly<Record<string, string>> | undefined;
      readonly data?: string | undefined;
    }
  | { readonly type: "delete"; readonly key: RowKey };

export type ChangeOf<Type extends RowChange["type"]> = Extract<RowChange, { type: Type }>;

export function rowKey(key: RecordKey): RowKey {
  return { ...rowList(key), id: stored(key.id) };
}

export function rowList({ collection, owner, parent }: Pick<ListQuery, "collection" | "owner" | "parent">) {
  const ownerText = stored(owner);
  return {
    collection: stored(collection),
    owner: ownerText,
    parent: parent ? { collection: stored(parentCollection(collection)), owner: ownerText, id: stored(parent) } : null,
  };
}

export function rowChange(change: Change): RowChange {
  if ("insert" in change) {
    const { createdAt, dueAt = null, expiresAt = null, labels = {}, data, details = null } = change.insert;
    if (!Number.isSafeInteger(createdAt)) throw new TypeError("A record's createdAt must be a whole number.");
    return {
      type: "insert",
      key: rowKey(change.insert),
      createdAt,
      dueAt,
      expiresAt: rowExpiry(expiresAt),
      labels: { ...labels },
      data: jsonOf(data),
      details: details === null ? null : jsonOf(details),
    };
  }
  if ("replace" in change) {
    const { version, dueAt, expiresAt, labels, data } = change.replace;
    return {
      type: "replace",
      key: rowKey(change.replace),
      version,
      dueAt,
      expiresAt: expiresAt === undefined ? undefined : rowExpiry(expiresAt),
      labels: labels && { ...labels },
      data: data === undefined ? undefined : jsonOf(data),
    };
  }
  return { type: "delete", key: rowKey(change.delete) };
}

function rowExpiry(expiresAt: number | null): number {
  if (expiresAt === null) return NEVER;
  if (!Number.isSafeInteger(expiresAt)) throw new TypeError("A record's expiresAt must be a whole number or null.");
  return expiresAt;
}
