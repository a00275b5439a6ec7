import { type RawBuilder, sql } from "kysely";
import type { SqlDialect } from "./dialect.ts";
import type { Database } from "./tables.ts";

/** Part of a list: the positions between two others, from one of its ends, so many. */
export interface Span {
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Unix seconds: without what has expired by then. */
  readonly aliveAt: number | undefined;
  readonly ascending: boolean;
  readonly limit: number;
}

/** Digests of a list and of the labels that are looked for in it; see `digests.ts`. */
export interface Wanted {
  readonly list: Uint8Array;
  readonly keys: readonly Uint8Array[];
}

/** Finds the positions in the span that have every one of the labels. */
export function labelled(database: Database, { words }: Pick<SqlDialect, "words">, wanted: Wanted, span: Span) {
  const { low, high, aliveAt, ascending, limit } = span;
  const { list, keys } = wanted;
  const [first] = keys;
  const isAlive = aliveIn(database, list);
  if (keys.length === 1) {
    let query = database
      .selectFrom("outlet_labels")
      .select("position")
      .where("key", "=", first as Uint8Array);
    if (low !== undefined) query = query.where("position", ">", low);
    if (high !== undefined) query = query.where("position", "<", high);
    if (aliveAt !== undefined) query = query.where(isAlive(sql.ref("outlet_labels.position"), aliveAt));
    return query.orderBy("position", ascending ? "asc" : "desc").limit(limit);
  }
  return walk(database, words.largest, keys, span, isAlive);
}

/** Asks the list's index, and no row: a position that is given as a span is not looked up among the rows. */
function aliveIn(database: Database, list: Uint8Array) {
  return (position: RawBuilder<unknown>, aliveAt: number): RawBuilder<boolean> => {
    const record = database
      .selectFrom("outlet_records as alive")
      .select("alive.position")
      .where("alive.list", "=", list)
      .where(sql<boolean>`alive.position between ${position} and ${position}`)
      .where("alive.expires_at", ">", aliveAt);
    return sql<boolean>`exists ${record}`;
  };
}

/**
 * Walks the labels' indexes side by side: looks in each for the next position from the farthest that any has reached, until all are at
 * the same. So a rare label carries the walk over what a common one has in plenty, whichever of them is named first; a join
 * leaves it to a planner's statistics which index is read to its end.
 */
function walk(
  database: Database,
  largest: SqlDialect["words"]["largest"],
  keys: readonly Uint8Array[],
  { low, high, aliveAt, ascending, limit }: Span,
  isAlive: ReturnType<typeof aliveIn>,
) {
  const columns = keys.map((_, i) => sql.ref<number>(`p${i}`));
  const [first, ...rest] = columns;
  // Descending positions are walked as negative ones, so that the farthest is the largest either way.
  const sign = sql.raw(ascending ? "" : "-");
  const allAtOnce = and(rest.map((column) => sql`${column} = ${first}`));
  const allThere = and(columns.map((column) => sql`${column} is not null`));
  const farthest = sql<number>`case when ${allAtOnce} then ${first} + 1 else ${sql.raw(largest)}(${sql.join(columns)}) end`;

  function seek(key: Uint8Array, from?: RawBuilder<boolean>) {
    let query = database
      .selectFrom("outlet_labels")
      .select(sql<number>`${sign}position`.as("at"))
      .where("key", "=", key);
    if (low !== undefined) query = query.where("position", ">", low);
    if (high !== undefined) query = query.where("position", "<", high);
    if (from) query = query.where(from);
    return query.orderBy("position", ascending ? "asc" : "desc").limit(1);
  }

  const seekAll = (from?: RawBuilder<boolean>) => sql.join(keys.map((key) => seek(key, from)));
  const beyond = ascending ? sql<boolean>`position >= ${farthest}` : sql<boolean>`position <= -(${farthest})`;
  const alive = aliveAt === undefined ? sql`1 = 1` : isAlive(sql`${sign}${first}`, aliveAt);
  const found = sql<{ position: number }>`
    with recursive walk(${sql.join(columns)}) as (
      select ${seekAll()} union all select ${seekAll(beyond)} from walk where ${allThere}
    )
    select ${sign}${first} as position from walk where ${allAtOnce} and ${alive} limit ${limit}`;
  return { execute: async () => (await found.execute(database)).rows };
}

const and = (conditions: readonly RawBuilder<unknown>[]) => sql.join(conditions, sql` and `);
