import type { StoredRecord } from "@outlet/core";
import type { Selectable } from "kysely";
import type { RecordsTable } from "./tables.ts";
import { restored } from "./text.ts";

/** A row as drivers give it: PostgreSQL's sends 64-bit numbers as text. */
export type RecordRow = Selectable<RecordsTable>;

/** What a list reads of its records: all but their details. */
export const LISTED = [
  "position",
  "collection",
  "owner",
  "id",
  "created_at",
  "due_at",
  "version",
  "labels",
  "data",
] as const satisfies (keyof RecordsTable)[];

export type ListedRow = Pick<RecordRow, (typeof LISTED)[number]> & { readonly details?: string | null };

/** `parent` is the id, which a row does not know. */
export function recordOf(row: ListedRow, parent: string): StoredRecord {
  return {
    collection: restored(row.collection),
    owner: restored(row.owner),
    parent,
    id: restored(row.id),
    createdAt: Number(row.created_at),
    labels: JSON.parse(row.labels),
    dueAt: row.due_at === null ? null : Number(row.due_at),
    data: JSON.parse(row.data),
    details: row.details ? JSON.parse(row.details) : null,
    position: Number(row.position),
    version: Number(row.version),
  };
}
