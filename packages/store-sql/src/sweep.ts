import type { SqlDialect } from "./dialect.ts";
import { type Labels, labelledOf } from "./labels.ts";
import { createPortion } from "./portion.ts";
import type { Database } from "./tables.ts";

const RETRY_MS = 10_000;

/**
 * Erases the children of deleted records, some at a time, while others are served. They cannot be read any more by then: what names
 * their parent's position is gone. What a process leaves undone, the next one to start or to delete does.
 */
export function createSweeper(database: Database, labelled: Labels, { sweptAtOnce }: Pick<SqlDialect, "sweptAtOnce">) {
  const portion = createPortion(sweptAtOnce);
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function sweepChunk(): Promise<boolean> {
    const doomed = await database.selectFrom("outlet_doomed").select("parent").limit(1).executeTakeFirst();
    if (!doomed) return false;
    const parent = Number(doomed.parent);
    const atOnce = portion.size;
    const start = performance.now();
    await database.transaction().execute(async (db) => {
      const rows = await db
        .deleteFrom("outlet_records")
        .where("position", "in", (from) =>
          from
            .selectFrom("outlet_records")
            .select("position")
            .where("parent", "=", parent)
            .where("parent", "<>", 0)
            .limit(atOnce),
        )
        .returning(["collection", "owner", "parent", "position", "labels"])
        .execute();
      await labelled.deleteAll(db, rows.map(labelledOf));
      if (rows.length < atOnce) await db.deleteFrom("outlet_doomed").where("parent", "=", parent).execute();
    });
    portion.took(performance.now() - start);
    return true;
  }

  async function sweep(): Promise<void> {
    try {
      do {
        again = false;
        let start = performance.now();
        while (!stopped && (await sweepChunk())) {
          // As long as it worked, it lets others work.
          const pause = performance.now() - start;
          await new Promise((resolve) => setTimeout(resolve, pause));
          start = performance.now();
        }
      } while (again && !stopped);
    } catch {
      retry = setTimeout(kick, RETRY_MS);
      retry.unref();
    } finally {
      running = null;
    }
  }

  function kick(): void {
    again = true;
    if (!stopped) running ??= sweep();
  }

  return {
    kick,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(retry);
      await running;
    },
  };
}
