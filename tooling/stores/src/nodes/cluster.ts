import { randomUUID } from "node:crypto";
import type { Ledger } from "@outlet/core";
import OpenAI from "openai";
import { onTestFinished } from "vitest";
import { type CountingUpstream, startCountingUpstream } from "../crash/counting-upstream.ts";
import { startProgram } from "../crash/program.ts";
import { openLedger } from "../databases.ts";
import { dropSchema, findPostgres, schemaName } from "../postgres.ts";
import { findRedis } from "../redis.ts";

/** What a node is started with, in words that can be handed to another process. */
export interface NodeSettings {
  readonly adminKey: string;
  readonly postgres: string;
  readonly schema: string;
  readonly redis: string;
  /** Of what is kept in Redis. */
  readonly prefix: string;
  readonly upstream: string;
  readonly refreshMs: number;
  /** How long Redis is waited for. */
  readonly deadlineMs: number;
  /** How long PostgreSQL is. */
  readonly timeoutMs: number;
}

/** A process that serves an outlet. */
export interface Node {
  readonly url: string;
  /** Ends it in the middle of whatever it does, as `kill -9` does. */
  kill(): void;
  /** Has it close, and resolves when it has ended. */
  stop(): Promise<void>;
  /** Rejects with what it said when it fails. Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** What several nodes share. */
export interface Cluster {
  readonly upstream: CountingUpstream;
  /** A ledger of the test's own, on the same database. */
  readonly ledger: Ledger;
  start(): Promise<Node>;
  admin(node: Node): OpenAI["admin"]["organization"];
  /** A new project, and a key for it. */
  newKey(node: Node): Promise<ProjectKey>;
}

export interface ProjectKey {
  readonly id: string;
  readonly project: string;
  readonly value: string;
}

const [postgres, redis] = [await findPostgres(), await findRedis()];

export const serversAreThere = postgres !== null && redis !== null;

/** Ends with the test that it is made in. Ways to the servers may be others than the straight ones. */
export async function startCluster(
  through: Partial<Omit<NodeSettings, "schema" | "adminKey" | "prefix" | "upstream">> = {},
) {
  const schema = schemaName();
  // Nothing is away but what is cut off, however busy the machine is.
  const { postgres: database = postgres as string, redis: counters = redis as string, ...patience } = through;
  const upstream = await startCountingUpstream();
  const settings: NodeSettings = {
    adminKey: `sk-admin-${randomUUID()}`,
    postgres: database,
    schema,
    redis: counters,
    prefix: `outlet-test:${randomUUID()}:`,
    upstream: upstream.url,
    refreshMs: 1_000,
    deadlineMs: 30_000,
    timeoutMs: 30_000,
    ...patience,
  };
  const nodes = new Set<Node>();
  const ledger = await openLedger({ connectionString: postgres as string, schema });
  onTestFinished(async () => {
    await Promise.all([...nodes].map((node) => node.stop()));
    upstream.close();
    await ledger.close?.();
    await dropSchema(postgres as string, schema);
  });

  const cluster: Cluster = {
    upstream,
    ledger,
    async start() {
      const { onLine, kill, go, ended } = startProgram("../nodes/node.fixture.ts", settings);
      const port = await Promise.race([
        new Promise<string>((resolve) => onLine(resolve)),
        ended.then((code) => Promise.reject(new Error(`A node ended with ${code} before it listened.`))),
      ]);
      const stop = async () => {
        go();
        await ended;
      };
      const node = { url: `http://127.0.0.1:${port}/v1`, kill, stop, ended };
      nodes.add(node);
      return node;
    },
    admin: ({ url }) => new OpenAI({ baseURL: url, adminAPIKey: settings.adminKey, apiKey: "none" }).admin.organization,
    async newKey(node) {
      const { projects } = cluster.admin(node);
      const project = await projects.create({ name: "Search" });
      const account = await projects.serviceAccounts.create(project.id, { name: "indexer" });
      const { id, value } = account.api_key as NonNullable<typeof account.api_key>;
      return { id, value, project: project.id };
    },
  };
  return { ...cluster, settings };
}

export const servers = { postgres, redis };
