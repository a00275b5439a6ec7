import type { Generated, Kysely } from "kysely";

/** One row a record, keyed as core's `RecordKey`. Texts are escaped; see `text.ts`. */
export interface RecordsTable {
  /** Ascends, and is never given twice: children name their parent by it. */
  position: Generated<number>;
  collection: string;
  owner: string;
  /** Position of the record it belongs to; 0 for none. */
  parent: number;
  id: string;
  created_at: number;
  due_at: number | null;
  version: number;
  /** JSON object of strings; what finds them is `outlet_labels`. */
  labels: string;
  /** JSON as text: PostgreSQL's own JSON types refuse NUL characters and lone surrogates. */
  data: string;
}

/** Finds records by a label, in the order of their list: rows of one key ascend by position. */
export interface LabelsTable {
  /** Digest of list, name and value, so that an index entry has one size whatever clients write; see `label-key.ts`. */
  key: Uint8Array;
  position: number;
}

/** Positions of deleted records whose children are still to be swept. */
export interface DoomedTable {
  parent: number;
}

export interface Tables {
  outlet_records: RecordsTable;
  outlet_labels: LabelsTable;
  outlet_doomed: DoomedTable;
}

export type Database = Kysely<Tables>;
