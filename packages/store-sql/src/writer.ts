import { sql } from "kysely";
import type { Changes } from "./changes.ts";
import type { SqlDialect } from "./dialect.ts";
import type { ChangeOf, RowChange } from "./encode.ts";
import { type Fresh, type Inserts, newRecord } from "./inserts.ts";
import type { Rows } from "./rows.ts";
import type { Database } from "./tables.ts";

type Write = readonly RowChange[];

/** Records that one statement inserts. */
const MAX_ROWS = 128;

/** Commits a group of writes in one transaction: each of them whole or not at all, whatever becomes of the others. */
export function groupWriter(
  database: Database,
  dialect: SqlDialect,
  { insertAtOnce }: Pick<Rows, "insertAtOnce">,
  insertAll: Inserts,
  changes: Changes,
) {
  return async (group: readonly Write[]): Promise<boolean[]> => {
    const inserts = insertAtOnce && insertsOfParents(group);
    if (inserts) {
      const records = inserts.map(newRecord);
      if (await database.connection().execute(async () => insertAtOnce(records))) return group.map(() => true);
    }
    return oneByOne(group);
  };

  function oneByOne(group: readonly Write[]): Promise<boolean[]> {
    return database.transaction().execute(async (db) => {
      const owners = new Set(group.flatMap((write) => write.map(({ key }) => key.owner)));
      await dialect.lockOwners(db, owners);
      const results: boolean[] = [];
      for (const writes of runsOf(group, kindOf)) results.push(...(await makeWrites(db, writes)));
      return results;
    });
  }

  async function makeWrites(db: Database, writes: readonly Write[]): Promise<boolean[]> {
    // A single change is made or is not: there is nothing to take back.
    if (writes[0]?.length === 1) return makeRun(db, writes.flat(), new Map());
    // Nearly always all can be made, and then all at once. If not, each has to show for itself.
    if (writes.length > 1 && (await whole(db, parentsFirst(writes.flat())))) return writes.map(() => true);
    const results: boolean[] = [];
    for (const write of writes) results.push(await whole(db, write));
    return results;
  }

  async function whole(db: Database, write: Write): Promise<boolean> {
    if (write.length === 0) return true;
    const fresh: Fresh = new Map();
    await sql`savepoint outlet_write`.execute(db);
    for (const run of runsOf(write, runOf)) {
      if (!(await makeRun(db, run, fresh)).includes(false)) continue;
      await sql`rollback to savepoint outlet_write`.execute(db);
      await sql`release savepoint outlet_write`.execute(db);
      return false;
    }
    await sql`release savepoint outlet_write`.execute(db);
    return true;
  }

  /** Makes changes of one run; inserts go in one statement. */
  async function makeRun(db: Database, run: Write, fresh: Fresh): Promise<boolean[]> {
    const inserts = run.filter((change): change is ChangeOf<"insert"> => change.type === "insert");
    if (inserts.length > 0) return insertAll(db, inserts, fresh);
    const results: boolean[] = [];
    for (const change of run) {
      if (change.type === "replace") results.push(await changes.replace(db, change));
      else if (change.type === "delete") results.push(await changes.remove(db, change));
    }
    return results;
  }
}

/** The changes of a group, where all of them insert records that belong to no other. */
function insertsOfParents(group: readonly Write[]): ChangeOf<"insert">[] | null {
  const inserts: ChangeOf<"insert">[] = [];
  for (const write of group) {
    for (const change of write) {
      if (change.type !== "insert" || change.key.parent) return null;
      inserts.push(change);
    }
  }
  return inserts;
}

/** What a write goes together with: single changes of one kind, or writes that only insert, and parents before children. */
function kindOf(write: Write): string | null {
  if (write.length === 1) return runOf(write[0]);
  const kinds = write.map(runOf);
  const firstChild = kinds.indexOf("children");
  const inOrder = firstChild === -1 || !kinds.includes("parents", firstChild);
  return inOrder && !kinds.includes(null) ? "inserts" : null;
}

/** Each list keeps its order: the records of one are all parents, or all children. */
function parentsFirst(inserts: Write): Write {
  return [...inserts.filter(({ key }) => !key.parent), ...inserts.filter(({ key }) => key.parent)];
}

/** What a change goes together with: inserts of parents, or of children, whose parents have to be there before. */
function runOf(change: RowChange | undefined): string | null {
  if (change?.type !== "insert") return null;
  return change.key.parent ? "children" : "parents";
}

/** Splits a list into runs of neighbours that have the same name; null goes with nobody. */
function runsOf<T>(items: readonly T[], nameOf: (item: T) => string | null): T[][] {
  const runs: T[][] = [];
  let last: string | null = null;
  for (const item of items) {
    const name = nameOf(item);
    const run = runs.at(-1);
    if (run && name !== null && name === last && run.length < MAX_ROWS) run.push(item);
    else runs.push([item]);
    last = name;
  }
  return runs;
}
