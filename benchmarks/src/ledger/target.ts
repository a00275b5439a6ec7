import { createServer } from "node:http";
import { createMemoryLedger, createOutlet, dollars, type Ledger, type OutletOptions } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { createPostgresLedger } from "@outlet/store-sql/postgres";
import { createSqliteLedger, createSqliteStore } from "@outlet/store-sql/sqlite";
import { port, upstreamOrigin } from "../targets/environment.ts";

// node target.ts <variant> <file> <connection> <store>: one outlet, with what the variant names switched on.

const [variant = "", file = "", connectionString = "", store = ""] = process.argv.slice(2);
const parts = new Set(variant.split(" "));

async function openLedger(): Promise<Ledger | null> {
  if (parts.has("memory")) return createMemoryLedger();
  if (parts.has("SQLite")) return createSqliteLedger({ file });
  if (parts.has("PostgreSQL")) {
    return createPostgresLedger({ connectionString, schema: "outlet_bench" });
  }
  return null;
}

const ledger = await openLedger();
await ledger?.setBudget({
  id: "credit",
  scope: { everyone: true },
  amount: dollars(1_000_000),
  period: null,
  hard: true,
  alerts: [],
});

async function access(): Promise<Partial<OutletOptions>> {
  if (parts.has("open")) return { access: "open" };
  if (parts.has("issued")) return { platform: {}, store: await createSqliteStore({ file: store }) };
  return { keys: ["sk-bench"] };
}

const outlet = createOutlet({
  ...(await access()),
  models: { bench: openai({ baseURL: `${upstreamOrigin}/v1`, apiKey: "sk-upstream" }) },
  ...(ledger && {
    ledger,
    billing: { prices: { "*": { input: 0.15, output: 0.6 } }, writes: parts.has("behind") ? "behind" : "before" },
  }),
  ...(parts.has("limits") && {
    limits: { models: { "*": { requestsPerMinute: 2_000_000, tokensPerMinute: 200_000_000 } } },
  }),
});
createServer(nodeListener(outlet)).listen(port, "127.0.0.1");
