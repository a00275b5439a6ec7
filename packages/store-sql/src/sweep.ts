import type { SqlDialect } from "./dialect.ts";
import type { Labels } from "./labels.ts";
import type { Database } from "./tables.ts";

const RETRY_MS = 10_000;

/**
 * Erases the children of deleted records, some at a time, while others are served. They cannot be read any more by then: what names
 * their parent's position is gone. What a process leaves undone, the next one to start or to delete does.
 */
export function createSweeper(database: Database, labelled: Labels, { sweptAtOnce }: Pick<SqlDialect, "sweptAtOnce">) {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function sweepChunk(): Promise<boolean> {
    const doomed = await database.selectFrom("outlet_doomed").select("parent").limit(1).executeTakeFirst();
    if (!doomed) return false;
    const parent = Number(doomed.parent);
    await database.transaction().execute(async (db) => {
      const rows = await db
        .deleteFrom("outlet_records")
        .where("position", "in", (from) =>
          from
            .selectFrom("outlet_records")
            .select("position")
            .where("parent", "=", parent)
            .where("parent", "<>", 0)
            .limit(sweptAtOnce),
        )
        .returning(["collection", "owner", "parent", "position", "labels"])
        .execute();
      for (const { collection, owner, position, labels } of rows) {
        const list = { collection, owner, parent };
        await labelled.delete(db, { list, position: Number(position), labels: JSON.parse(labels) });
      }
      if (rows.length < sweptAtOnce) await db.deleteFrom("outlet_doomed").where("parent", "=", parent).execute();
    });
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
