import type { LedgerDatabase } from "./tables.ts";

/** This process among those that share a ledger: the calls of one that has not said for a while that it lives are settled by others. */
export interface LedgerNode {
  readonly number: number;
  stop(): Promise<void>;
}

/** In the time that a lease lasts. */
const BEATS = 3;

/** Says for the first time that this process lives, and goes on saying so. */
export async function startNode(
  database: LedgerDatabase,
  leaseMs: number,
  patiently: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<LedgerNode> {
  const aliveUntil = () => Date.now() + leaseMs;
  const inserted = await patiently(() =>
    database
      .insertInto("outlet_ledger_nodes")
      .values({ alive_until: aliveUntil() })
      .returning("number")
      .executeTakeFirstOrThrow(),
  );
  const number = Number(inserted.number);
  await patiently(sweep);
  let beating: Promise<void> | null = null;
  const timer = setInterval(() => {
    // A database that is away may be back before the lease is over; what was left open is settled late otherwise.
    beating ??= patiently(beat)
      .catch(() => {})
      .finally(() => {
        beating = null;
      });
  }, leaseMs / BEATS);
  timer.unref();

  async function beat(): Promise<void> {
    const alive_until = aliveUntil();
    await database
      .insertInto("outlet_ledger_nodes")
      .values({ number, alive_until })
      .onConflict((conflict) => conflict.column("number").doUpdateSet({ alive_until }))
      .execute();
  }

  /** Forgets those that have died and left nothing. */
  async function sweep(): Promise<void> {
    await database
      .deleteFrom("outlet_ledger_nodes")
      .where("alive_until", "<", Date.now())
      .where((is) =>
        is.not(
          is.exists(
            is
              .selectFrom("outlet_ledger_open")
              .select("outlet_ledger_open.node")
              .whereRef("outlet_ledger_open.node", "=", "outlet_ledger_nodes.number"),
          ),
        ),
      )
      .execute();
  }

  return {
    number,
    async stop() {
      clearInterval(timer);
      await beating;
      // What is still open is anybody's to settle from now on.
      await patiently(() => database.deleteFrom("outlet_ledger_nodes").where("number", "=", number).execute());
    },
  };
}
