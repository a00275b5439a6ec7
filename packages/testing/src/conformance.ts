import type { OutletOptions } from "@outlet/core";
import OpenAI from "openai";
import type { Cell, Mounted } from "./cell.ts";
import { watchDepartures } from "./kit/departures.ts";
import { fetchTransport } from "./kit/fetch-transport.ts";
import { createHttpClient } from "./kit/http-client.ts";
import { KEYS, kitOptions } from "./kit/models.ts";
import { nodeTransport } from "./kit/node-transport.ts";
import { createStage, type EngineStage } from "./kit/scripted-engines.ts";
import { createSettledCalls, type SettledCalls } from "./kit/settled-calls.ts";
import { strictOptions } from "./kit/strict.ts";
import { within } from "./kit/within.ts";
import type { Need, Requirement, RequirementContext } from "./requirement.ts";
import { requirements as allRequirements } from "./requirements.ts";

/** How one requirement went in one cell. */
export interface Result {
  readonly requirement: Requirement;
  readonly cell: string;
  /** `gap`: not met, and the cell says why. `not-applicable`: the cell has no way to show it. */
  readonly outcome: "passed" | "failed" | "gap" | "not-applicable";
  /** Why it failed. */
  readonly error?: unknown;
  /** Why it is a gap or not applicable. */
  readonly reason?: string;
  readonly durationMs: number;
}

export interface Conformance {
  /** Checks one requirement. Never rejects. One at a time: requirements share the cell's models. */
  check(requirement: Requirement): Promise<Result>;
  close(): Promise<void>;
}

/** What a requirement waits for has shorter deadlines; some send a hundred requests, also on a machine with other things to do. */
const REQUIREMENT_MS = 60_000;

const LACKING: Readonly<Record<Need, string>> = {
  socket: "It can only be seen on a TCP connection; this cell has none.",
  "own-route": "It is about routes of the host's own behind the outlet's guard; this cell has none.",
};

/** An outlet that a cell serves, and what requirements reach it by. */
interface Server {
  readonly context: RequirementContext;
  readonly lacks: ReadonlySet<Need>;
  close(): Promise<void>;
}

/**
 * Mounts the kit's models in a cell, to check requirements one by one, each as a test of its own. The server for those with a `setting` is
 * mounted when the first of them is checked.
 */
export async function startConformance(cell: Cell): Promise<Conformance> {
  const engines = createStage();
  const settled = createSettledCalls();
  const options = kitOptions(engines.current, settled);
  const mount = async (own: OutletOptions) => serverOf(await cell.mount(own), engines, settled);
  const usual = await mount(options);
  let strict: Promise<Server> | null = null;
  const serverFor = ({ setting }: Requirement): Server | Promise<Server> => {
    if (!setting) return usual;
    strict ??= mount(strictOptions(options));
    return strict;
  };

  return {
    async check(requirement) {
      const start = performance.now();
      const result = (rest: Pick<Result, "outcome" | "error" | "reason">): Result => ({
        requirement,
        cell: cell.name,
        ...rest,
        durationMs: performance.now() - start,
      });
      const lacking = requirement.needs?.find((need) => usual.lacks.has(need));
      if (lacking) return result({ outcome: "not-applicable", reason: LACKING[lacking] });
      engines.reset();
      try {
        const { context } = await serverFor(requirement);
        await within(`requirement ${requirement.id}`, requirement.run(context), REQUIREMENT_MS);
        return result({ outcome: "passed" });
      } catch (error) {
        const reason = cell.gaps?.[requirement.id];
        return result(reason === undefined ? { outcome: "failed", error } : { outcome: "gap", error, reason });
      }
    },
    async close() {
      // One that could not be mounted has failed its requirements, and there is nothing to close.
      const others = await Promise.allSettled(strict ? [strict] : []);
      const servers = [usual, ...others.flatMap((other) => (other.status === "fulfilled" ? [other.value] : []))];
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function serverOf(mounted: Mounted, engines: EngineStage, settled: SettledCalls): Server {
  const { baseURL, fetch, ownRoute } = mounted;
  const transport = fetch ? fetchTransport(fetch) : nodeTransport;
  const lacks = new Set<Need>();
  if (fetch) lacks.add("socket");
  if (ownRoute === undefined) lacks.add("own-route");
  const departures = watchDepartures(mounted.stoppedAfterMs);
  const client = new OpenAI({
    baseURL,
    apiKey: KEYS.organization,
    adminAPIKey: KEYS.admin,
    maxRetries: 0,
    timeout: 10_000,
    ...(fetch && { fetch }),
  });
  return {
    context: {
      client,
      http: createHttpClient(baseURL, transport),
      ownRoute: ownRoute === undefined ? null : createHttpClient(ownRoute, transport),
      engines,
      settled,
      departures,
    },
    lacks,
    close() {
      departures.close();
      return mounted.close();
    },
  };
}

/** Checks every requirement in one cell; `only` picks some. Rejects only when the cell cannot be mounted. */
export async function runConformance(
  cell: Cell,
  { only = () => true }: { only?: (requirement: Requirement) => boolean } = {},
): Promise<Result[]> {
  const conformance = await startConformance(cell);
  const results: Result[] = [];
  try {
    for (const requirement of allRequirements.filter(only)) results.push(await conformance.check(requirement));
  } finally {
    await conformance.close();
  }
  return results;
}
