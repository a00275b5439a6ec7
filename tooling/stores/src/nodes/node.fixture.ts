import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutlet, type LedgerEntry, type MeteredUsage } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { openai } from "@outlet/engine-openai";
import { redisLimiter, redisNews } from "@outlet/redis";
import { createPostgresLedger, createPostgresStore } from "@outlet/store-sql/postgres";
import { Pool } from "pg";
import { argumentsOf } from "../crash/program.ts";
import type { NodeSettings } from "./cluster.ts";

// One node of several: a server with everything of the platform's on PostgreSQL and Redis. Says where it listens; closes when its input does.

const [{ adminKey, postgres, schema, redis, prefix, upstream, refreshMs, deadlineMs, timeoutMs }] =
  argumentsOf<[NodeSettings]>();
const pool = new Pool({
  connectionString: postgres,
  connectionTimeoutMillis: timeoutMs,
  statement_timeout: timeoutMs,
  query_timeout: timeoutMs * 1.5,
  idle_in_transaction_session_timeout: timeoutMs * 2,
});
/** Longer than any machine keeps a node that lives from saying so. */
const LEASE_MS = 5_000;
const quietly = { onChange() {} };

/** What the upstream says that it counted for the call. */
async function counted({ id }: LedgerEntry): Promise<MeteredUsage | null> {
  return (await (await fetch(`${upstream}/counted/${id}`)).json()) as MeteredUsage | null;
}

const outlet = createOutlet({
  models: { "*": openai({ baseURL: upstream }) },
  store: await createPostgresStore({ pool, schema }),
  ledger: await createPostgresLedger({ pool, schema, leaseMs: LEASE_MS }),
  billing: { prices: { flat: { request: 0.01 }, "*": { input: 1, output: 2 } }, whenUnknown: counted },
  limits: {
    models: { daily: { requestsPerDay: 100 }, minutely: { requestsPerMinute: 100 }, "*": { requestsPerMinute: 1e9 } },
    limiter: redisLimiter({ url: redis, prefix, deadlineMs, ...quietly }),
  },
  platform: { adminKeys: [adminKey], refreshMs, news: redisNews({ url: redis, channel: `${prefix}news`, ...quietly }) },
  jobs: { pollMs: 50, leaseMs: LEASE_MS, retryMs: 10 },
  logger: { error: () => {}, warn: () => {} },
});
// Whoever is busy for long finds the connections that there were.
const server = createServer({ keepAliveTimeout: 300_000 }, nodeListener(outlet)).listen(0, "127.0.0.1");
await once(server, "listening");
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
await once(process.stdin.resume(), "end");
server.close();
await outlet.close();
await pool.end();
process.exit();
