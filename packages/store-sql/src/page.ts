import type { ListQuery, RecordPage } from "@outlet/core";
import type { SqlDialect } from "./dialect.ts";
import { type List, labelDigests, listDigest } from "./digests.ts";
import { rowList } from "./encode.ts";
import { labelled, type Span } from "./label-walk.ts";
import { LISTED, type ListedRow, recordOf } from "./record-row.ts";
import type { Records } from "./records.ts";
import type { Database } from "./tables.ts";
import { stored } from "./text.ts";

/** Pages of lists, each read from its cursor on: what a page costs does not depend on how many there are before it. */
export function createPages(database: Database, dialect: SqlDialect, records: Records) {
  return async (query: ListQuery): Promise<RecordPage | null> => {
    const list = await records.listOf(database, rowList(query));
    const cursor = async (id: string | undefined) =>
      id === undefined ? undefined : list && records.positionOf(database, list, stored(id), query.aliveAt);
    const after = await cursor(query.after);
    const before = await cursor(query.before);
    if (after === null || before === null) return null;
    if (!list) return { records: [], hasMore: false };
    // The previous page is read from its end, and turned round.
    const backwards = after === undefined && before !== undefined;
    const ascending = (query.order === "asc") !== backwards;
    const [low, high] = query.order === "asc" ? [after, before] : [before, after];
    const span = { low, high, aliveAt: query.aliveAt, ascending, limit: query.limit + 1 };
    const rows = await read(list, query.labels ?? {}, span);
    const page = rows.slice(0, query.limit).map((row) => recordOf(row, query.parent ?? ""));
    return { records: backwards ? page.reverse() : page, hasMore: rows.length > query.limit };
  };

  async function read(list: List, labels: Readonly<Record<string, string>>, span: Span): Promise<ListedRow[]> {
    const keys = labelDigests(list, labels);
    if (keys.length === 0) return readAll(list, span);
    const low = await beforeAlive(list, span);
    if (low === null) return [];
    const found = await labelled(database, dialect, { list: listDigest(list), keys }, { ...span, low }).execute();
    if (found.length === 0) return [];
    // A statement of its own, with no other index to take: a planner that joins may begin at the wrong end.
    const positions = found.map(({ position }) => Number(position));
    const rows = await database
      .selectFrom("outlet_records")
      .select(LISTED)
      .where("position", "in", positions)
      .execute();
    const direction = span.ascending ? 1 : -1;
    // Another process may have deleted one meanwhile, and given its position to a record of another list.
    const listed = rows.filter(({ collection, owner }) => collection === list.collection && owner === list.owner);
    return listed.sort((a, b) => direction * (Number(a.position) - Number(b.position)));
  }

  /**
   * The span's lower end, behind what has expired there, most of which stands at the front of its list: passed over in the list's index,
   * it need not be asked for label by label. `null` when nothing in the span is alive.
   */
  async function beforeAlive(list: List, span: Span): Promise<number | undefined | null> {
    if (span.aliveAt === undefined || !span.ascending) return span.low;
    const first = await within(list, span).select("position").orderBy("position").limit(1).executeTakeFirst();
    return first ? Number(first.position) - 1 : null;
  }

  function readAll(list: List, { ascending, limit, ...span }: Span): Promise<ListedRow[]> {
    return within(list, span)
      .select(LISTED)
      .orderBy("position", ascending ? "asc" : "desc")
      .limit(limit)
      .execute();
  }

  function within(list: List, { low, high, aliveAt }: Pick<Span, "low" | "high" | "aliveAt">) {
    let query = database.selectFrom("outlet_records").where("list", "=", listDigest(list));
    if (low !== undefined) query = query.where("position", ">", low);
    if (high !== undefined) query = query.where("position", "<", high);
    if (aliveAt !== undefined) query = query.where("expires_at", ">", aliveAt);
    return query;
  }
}
