import { z } from "zod";
import { invalidRequest } from "../errors/catalogue.ts";
import type { ListQuery, RecordPage, Store, StoredRecord } from "../store/store.ts";

/** The query parameters of the API's cursor lists. https://platform.openai.com/docs/api-reference/introduction */
export const pageQuery = z.object({
  after: z.string().min(1).max(256).optional(),
  before: z.string().min(1).max(256).optional(),
  limit: z.int().min(1).max(100).optional(),
  order: z.enum(["asc", "desc"]).optional(),
});

export type PageQuery = z.infer<typeof pageQuery>;

/** Of the lists that can only be read onwards. */
export const forwardPageQuery = pageQuery.omit({ before: true });

export interface ListPage<Item> {
  object: "list";
  data: Item[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

const DEFAULT_LIMIT = 20;

/**
 * One page of a stored list, as the API gives it.
 * @throws ApiError 400 when the cursor is not in the list
 */
export async function listPage<Item extends { id?: string | null }>(
  store: Store,
  list: Omit<ListQuery, "order" | "limit" | "after" | "before">,
  { limit = DEFAULT_LIMIT, order, after, before }: PageQuery,
  itemOf: (record: StoredRecord) => Item,
  defaultOrder: "asc" | "desc" = "desc",
): Promise<ListPage<Item>> {
  const cursors = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) };
  const page = await store.list({ ...list, limit, order: order ?? defaultOrder, ...cursors });
  if (!page) throw unknownCursor(after, before);
  return listObject(page, itemOf);
}

/**
 * One page of a list that is at hand, in ascending order.
 * @throws ApiError 400 when the cursor is not in the list
 */
export function pageOf<Item extends { id: string }>(
  items: readonly Item[],
  { limit = DEFAULT_LIMIT, order, after, before }: PageQuery,
  defaultOrder: "asc" | "desc" = "desc",
): ListPage<Item> {
  const ordered = (order ?? defaultOrder) === "asc" ? items : items.toReversed();
  const placeOf = (cursor: string) => {
    const place = ordered.findIndex(({ id }) => id === cursor);
    if (place === -1) throw unknownCursor(after, before);
    return place;
  };
  const end = before === undefined ? ordered.length : placeOf(before);
  const backwards = before !== undefined && after === undefined;
  const from = after !== undefined ? placeOf(after) + 1 : backwards ? Math.max(end - limit, 0) : 0;
  const data = ordered.slice(from, Math.min(from + limit, end));
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: backwards ? from > 0 : from + limit < end,
  };
}

function listObject<Item extends { id?: string | null }>(
  { records, hasMore }: RecordPage,
  itemOf: (record: StoredRecord) => Item,
): ListPage<Item> {
  return {
    object: "list",
    data: records.map(itemOf),
    first_id: records[0]?.id ?? null,
    last_id: records.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

function unknownCursor(after: string | undefined, before: string | undefined) {
  const param = after !== undefined && before === undefined ? "after" : before !== undefined ? "before" : null;
  return invalidRequest("No object of this list has the id that the cursor names.", param, "invalid_value");
}
