import type { Change, ListQuery, NewRecord, RecordPage, Store } from "@outlet/core";

export const OWNER = "project:org/one";
export const STRANGER = "project:org/two";

export const thing = (id: string) => ({ collection: "thing", owner: OWNER, id });
export const part = (parent: string, id: string) => ({ collection: "thing.part", owner: OWNER, parent, id });

export function insert(key: Pick<NewRecord, "collection" | "owner" | "id">, rest: Partial<NewRecord> = {}): Change {
  return { insert: { createdAt: 1, data: { id: key.id }, ...key, ...rest } };
}

/** Inserts things t1, t2, …, one write each, with what `rest` gives for their number. */
export async function insertThings(
  store: Store,
  count: number,
  rest: (number: number) => Partial<NewRecord> = () => ({}),
): Promise<void> {
  for (let i = 1; i <= count; i += 1) await store.write([insert(thing(`t${i}`), rest(i))]);
}

export const things = { collection: "thing", owner: OWNER, order: "asc", limit: 100 } as const satisfies ListQuery;

export function idsOf(page: RecordPage | null): string[] | null {
  return page?.records.map(({ id }) => id) ?? null;
}

export async function listIds(store: Store, query: ListQuery): Promise<string[] | null> {
  return idsOf(await store.list(query));
}
