import { createServer } from "node:http";
import { createMemoryLedger, createOutlet, dollars, type Ledger } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { createPostgresLedger } from "@outlet/store-sql/postgres";
import { createSqliteLedger } from "@outlet/store-sql/sqlite";
import { answerParent } from "../host/ipc.ts";
import { upstreamOrigin } from "../targets/environment.ts";

// The same outlet several times over, each with another ledger, on a port of its own.

const { BENCH_FILE = "", BENCH_POSTGRES = "" } = process.env;

const ledgers: Record<string, Ledger | undefined> = {
  none: undefined,
  memory: createMemoryLedger(),
  SQLite: await createSqliteLedger({ file: BENCH_FILE }),
  ...(BENCH_POSTGRES !== "" && {
    PostgreSQL: await createPostgresLedger({ connectionString: BENCH_POSTGRES, schema: "outlet_bench" }),
  }),
};

const ports: Record<string, number> = {};
for (const [name, ledger] of Object.entries(ledgers)) {
  await ledger?.setBudget({
    id: "credit",
    scope: { everyone: true },
    amount: dollars(1_000_000),
    period: null,
    hard: true,
    alerts: [],
  });
  const billing = { prices: { "*": { input: 0.15, output: 0.6 } } };
  const outlet = createOutlet({
    keys: ["sk-bench"],
    models: { bench: openai({ baseURL: `${upstreamOrigin}/v1`, apiKey: "sk-upstream" }) },
    ...(ledger && { ledger, billing }),
  });
  const server = createServer(nodeListener(outlet)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  ports[name] = (server.address() as { port: number }).port;
}
process.send?.({ ready: true });

answerParent(({ what }) => (what === "ports" ? ports : process.cpuUsage()));
