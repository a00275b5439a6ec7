import { randomUUID } from "node:crypto";
import type { LedgerDatabase } from "./tables.ts";

/** This process among those that share a ledger: the calls of one that has not said for a while that it lives are settled by others. */
export interface LedgerNode {
  readonly id: string;
  /** Says for the first time that it lives, and goes on saying so. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** In the time that a lease lasts. */
const BEATS = 3;

export function createNode(
  database: LedgerDatabase,
  leaseMs: number,
  patiently: <T>(work: () => Promise<T>) => Promise<T>,
): LedgerNode {
  const id = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | null = null;

  function beat(): Promise<void> {
    const alive_until = Date.now() + leaseMs;
    return patiently(async () => {
      await database
        .insertInto("outlet_ledger_nodes")
        .values({ id, alive_until })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ alive_until }))
        .execute();
    });
  }

  /** Forgets those that have died and left nothing. */
  function sweep(): Promise<unknown> {
    return patiently(() =>
      database
        .deleteFrom("outlet_ledger_nodes")
        .where("alive_until", "<", Date.now())
        .where((is) =>
          is.not(
            is.exists(
              is
                .selectFrom("outlet_ledger_open")
                .select("outlet_ledger_open.id")
                .whereRef("outlet_ledger_open.node", "=", "outlet_ledger_nodes.id"),
            ),
          ),
        )
        .execute(),
    );
  }

  return {
    id,
    async start() {
      await beat();
      await sweep();
      timer = setInterval(() => {
        // A database that is away may be back before the lease is over; what was left open is settled late otherwise.
        beating ??= beat()
          .catch(() => {})
          .finally(() => {
            beating = null;
          });
      }, leaseMs / BEATS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await beating;
      // What is still open is anybody's to settle from now on.
      await patiently(() => database.deleteFrom("outlet_ledger_nodes").where("id", "=", id).execute());
    },
  };
}
