import type { Generated, Kysely } from "kysely";

/** One row a record, keyed as core's `RecordKey`. Texts are escaped; see `text.ts`. */
export interface RecordsTable {
  /** Ascends. Children name their parent by it: it is not given again while there are any. */
  position: Generated<number>;
  /** What the record is found by; see `digests.ts`. */
  key: Uint8Array;
  /** What its list is found by. */
  list: Uint8Array;
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
  /** JSON as text: what does not fit on the record's page is read by nobody who does not ask for it, or for what is behind it. */
  details: string | null;
  /** Unix seconds, or `NEVER`. Behind the details: pages of lists read it from an index. */
  expires_at: number;
}

/** Finds records by a label, in the order of their list: rows of one key ascend by position; see `digests.ts`. */
export interface LabelsTable {
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
