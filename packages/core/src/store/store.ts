/**
 * Where what must be remembered is kept: stored completions, responses, conversations, the work that outlives its request.
 * Records are small documents; what lists filter by and what work is due by stand beside the document, so that a database
 * can index them. Every record has an owner, and to every other owner it does not exist.
 *
 * Methods reject when the database cannot be reached; the outlet answers with a 503 then.
 */
export interface Store {
  readonly specificationVersion: "v1";
  /**
   * True where records outlive this process, or other processes see and write them: there may be work in it that this process has not
   * heard of. Default: false.
   */
  readonly durable?: boolean;
  get(query: RecordQuery): Promise<StoredRecord | null>;
  /** One page of a list; `null` when the record that `after` or `before` names is not in it. */
  list(query: ListQuery): Promise<RecordPage | null>;
  /**
   * All of these changes or none of them, in their order. Resolves once they are durable; false, and nothing is changed,
   * when an inserted record exists already or its parent does not, or a replaced one is gone or has another version by now.
   */
  write(changes: readonly Change[]): Promise<boolean>;
  /**
   * Takes the record of the collection that has been due the longest, whoever owns it, and moves its `dueAt` to `until`: nobody else
   * gets it before. Of those due at the same time, the one inserted first. `null` when nothing is due at `now`. Both in Unix milliseconds.
   */
  claim(collection: string, now: number, until: number): Promise<StoredRecord | null>;
  /**
   * Erases records that have expired at `now`, Unix seconds, whoever owns them, with everything whose parent they are: those that expired
   * first, and no more at once than keep nobody waiting. Resolves with how many; 0 when none is left.
   */
  expire(now: number): Promise<number>;
  close?(): Promise<void>;
}

export interface RecordKey {
  /** The kind of record: `chat.completion`, `response`, `conversation`. */
  readonly collection: string;
  /** Whose it is; see `ownerOf`. */
  readonly owner: string;
  /**
   * Id of the record it belongs to and is deleted with; default: none. That record is the same owner's, has no parent itself, and is
   * in the collection that this one's name begins with: a `conversation.item` belongs to a `conversation`. So two records
   * of different kinds may have one id, and only one of them the children.
   */
  readonly parent?: string;
  /** Unique within its collection, owner and parent. */
  readonly id: string;
}

export interface RecordQuery extends RecordKey {
  /** Unix seconds: a record that has expired by then does not exist. Default: it does until it is erased. */
  readonly aliveAt?: number;
}

export interface NewRecord extends RecordKey {
  /** Unix seconds, whole. */
  readonly createdAt: number;
  /** What lists filter by, each by its exact value. */
  readonly labels?: Readonly<Record<string, string>>;
  /** When work on it is due, Unix milliseconds, whole; default: never. */
  readonly dueAt?: number | null;
  /** The second from which on it has expired, Unix seconds, whole; default: never. What belongs to another record goes with that one. */
  readonly expiresAt?: number | null;
  /** A JSON value, or the text of one: see `jsonText`. A store keeps what `jsonOf` gives, and hands out values. */
  readonly data: unknown;
  /** A JSON value, or the text of one, that belongs to it and is too large to be read for each record of a page. Written once, with the record. Default: null. */
  readonly details?: unknown;
}

/** When it expires is not told: who wants nothing that has says so in the query. */
export interface StoredRecord extends Required<Omit<NewRecord, "expiresAt">> {
  /** Null in a list, which leaves it out. */
  readonly details: unknown;
  /** Ascends in the order of insertion, over the whole store. */
  readonly position: number;
  /** 1 at first, one more after every replacement and every claim. */
  readonly version: number;
}

/** A replacement changes what it names, and keeps the rest: `createdAt`, and `labels`, `dueAt`, `expiresAt` or `data` where they are absent. */
export type Change =
  | { readonly insert: NewRecord }
  | {
      readonly replace: RecordKey &
        Partial<Pick<NewRecord, "labels" | "dueAt" | "expiresAt" | "data">> & {
          /** The version that is replaced; a record that has another one by now fails the whole write. */
          readonly version: number;
        };
    }
  /** With everything whose parent it is. Nothing happens when it is gone. */
  | { readonly delete: RecordKey };

export interface ListQuery {
  readonly collection: string;
  readonly owner: string;
  readonly parent?: string;
  /** Only records that have each of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** As in `RecordQuery`, for the records and the cursors. */
  readonly aliveAt?: number;
  /** By position. */
  readonly order: "asc" | "desc";
  /** Largest number of records, at least 1. */
  readonly limit: number;
  /** Id of the record that the page follows, in the list's order. */
  readonly after?: string;
  /** Id of the record that the page comes right before; with `after`, the page starts there and goes no further than this. */
  readonly before?: string;
}

export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** True when the list goes on beyond the page: after it or, for a page `before` a record, in front of it. */
  readonly hasMore: boolean;
}
