import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  Engine,
  EngineContext,
  Exchange,
  ForwardReply,
  ModelDefinition,
  OutletOptions,
  PlatformInvite,
  Principal,
  SettledCall,
} from "@outlet/core";
import type { Mounted } from "@outlet/testing";
import { answerMcp, type McpAsk } from "./mcp.ts";
import {
  type Ability,
  type Ask,
  decodeBytes,
  encodeBytes,
  encodeError,
  type Line,
  type RemoteEngine,
  type RemoteInstance,
  type RemoteModel,
  type Setup,
  type Stopped,
} from "./wire.ts";

const ABILITIES: readonly Ability[] = ["chat", "complete", "embed", "moderate", "forward"];

export interface Host {
  readonly setup: Setup;
  readonly stoppedAfterMs: NonNullable<Mounted["stoppedAfterMs"]>;
  close(): Promise<void>;
}

/** The test process' side: answers for the models of a foreign runtime, with those of these options. */
export async function startHost(options: OutletOptions): Promise<Host> {
  const stops = createStops();
  const engines = new Map<string, Engine>();
  const models: Record<string, RemoteModel> = {};
  for (const [id, model] of Object.entries(options.models)) {
    if ("alias" in model) {
      models[id] = { abilities: [], entry: { ...model } };
      continue;
    }
    const { engine, tokenizer, deletable, ...entry } = readDefinition(model);
    engines.set(id, engine);
    const holders = Object.values(options.keys ?? {}).filter(
      (holder): holder is Principal => typeof holder === "object",
    );
    models[id] = {
      ...remoteEngine(engine),
      entry,
      ...(tokenizer && { countsCharacters: true }),
      ...(deletable && { deletableBy: holders.filter(deletable).map((holder) => holder.id) }),
    };
  }
  const instances: Record<string, RemoteInstance> = {};
  for (const [name, { engine, tokenizer: _, ...instance }] of Object.entries(options.instances ?? {})) {
    engines.set(`instance:${name}`, engine);
    instances[name] = { ...instance, engine: remoteEngine(engine) };
  }

  const server = createServer(async (req, res) => {
    const body: unknown = JSON.parse(await textOf(req));
    if (req.url === "/settled") {
      options.onSettle?.(body as SettledCall);
      res.end("{}");
    } else if (req.url === "/stopped") {
      stops.told(body as Stopped);
      res.end("{}");
    } else if (req.url === "/authenticate") {
      res.end(JSON.stringify(await authenticated(options, body as Record<string, string>)));
    } else if (req.url === "/invite") {
      res.end(JSON.stringify(await options.platform?.onInvite?.(body as PlatformInvite)));
    } else if (req.url === "/image") {
      res.end(JSON.stringify(await fetched(options, String(body))));
    } else if (req.url === "/mcp") {
      res.end(JSON.stringify(await answerMcp(options, body as McpAsk)));
    } else await answerAsk(engines, body as Ask, res);
  });
  // A connection that is closed while it is idle may be closed just as the runtime asks on it; on a busy machine it was, and what
  // nobody caught ended the runtime.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    setup: {
      control: `http://127.0.0.1:${port}`,
      models,
      instances,
      keys: options.keys ?? [],
      ...(options.moderation && { moderation: options.moderation }),
      ...(options.platform && { platform: options.platform }),
      ...(options.policy && { policy: options.policy }),
      ...(options.explain !== undefined && { explain: options.explain }),
      ...(options.limits && { limits: options.limits }),
      ...(options.jobs && { jobs: options.jobs }),
      ...(options.billing && { billing: options.billing }),
      ...(options.maxBodyBytes !== undefined && { maxBodyBytes: options.maxBodyBytes }),
    },
    stoppedAfterMs: stops.next,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function remoteEngine(engine: Engine): RemoteEngine {
  return {
    abilities: ABILITIES.filter((ability) => engine[ability] !== undefined),
    ...(engine.honours && { honours: engine.honours }),
    ...(engine.images && { images: engine.images }),
    ...(engine.responses && { responses: engine.responses }),
  };
}

function readDefinition(model: Engine | ModelDefinition): ModelDefinition {
  return "engine" in model ? model : { engine: model };
}

/** What was told of stopped calls, request by request, to be taken in turn. */
function createStops() {
  const queues = new Map<string, { told: number[]; waiting: ((ms: number) => void)[] }>();
  const queueOf = (requestId: string) => {
    const queue = queues.get(requestId) ?? { told: [], waiting: [] };
    queues.set(requestId, queue);
    return queue;
  };
  return {
    told({ requestId, ms }: Stopped) {
      const { told, waiting } = queueOf(requestId);
      const resolve = waiting.shift();
      if (resolve) resolve(ms);
      else told.push(ms);
    },
    next(requestId: string): Promise<number> {
      const { told, waiting } = queueOf(requestId);
      const ms = told.shift();
      return ms === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ms);
    },
  };
}

async function authenticated(options: OutletOptions, headers: Record<string, string>): Promise<object> {
  try {
    const exchange = { header: (name) => headers[name] } satisfies Pick<Exchange, "header"> as Exchange;
    return { principal: (await options.authenticate?.(exchange)) ?? null };
  } catch (error) {
    return { principal: null, error: encodeError(error) };
  }
}

/** The image, in base64; nothing when it cannot be had. */
async function fetched({ fetchImage }: OutletOptions, url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(10_000);
  return fetchImage?.(url, { signal, maxBytes: Number.POSITIVE_INFINITY }).then(encodeBytes, () => null);
}

/** One call of an engine's method. The runtime closes the connection when the call is aborted there. */
async function answerAsk(engines: ReadonlyMap<string, Engine>, ask: Ask, res: ServerResponse): Promise<void> {
  const controller = new AbortController();
  res.on("close", () => {
    if (!res.writableEnded) controller.abort();
  });
  const tell = async (line: Line) => {
    if (!res.write(`${JSON.stringify(line)}\n`)) await once(res, "drain", { signal: controller.signal });
  };
  const { principal, requestId } = ask;
  const context: EngineContext = { principal, requestId, signal: controller.signal, logger: { error() {}, warn() {} } };
  try {
    const answer: unknown = await call(engines.get(ask.of), ask, context);
    const { body, ...head } = ask.ability === "forward" ? (answer as ForwardReply) : { body: answer };
    if (typeof body === "object" && body !== null && Symbol.asyncIterator in body) {
      await tell({ kind: "stream", head });
      for await (const value of untilAborted(body as AsyncIterable<unknown>, controller.signal)) {
        await tell({ kind: "piece", value: encodeBytes(value) });
      }
      await tell({ kind: "end" });
    } else if (ask.ability === "forward") await tell({ kind: "whole", value: { ...head, body: encodeBytes(body) } });
    else await tell({ kind: "whole", value: answer });
  } catch (error) {
    if (!controller.signal.aborted) await tell({ kind: "error", error: encodeError(error) });
  }
  res.end();
}

function call(engine: Engine | undefined, { ability, request }: Ask, context: EngineContext): unknown {
  const sent = request as { body: unknown };
  const decoded = ability === "forward" ? { ...sent, body: decodeBytes(sent.body) } : sent;
  return (engine?.[ability] as (request: unknown, context: EngineContext) => unknown)?.call(engine, decoded, context);
}

/** Closes the iterator when the signal aborts, also while it is waiting. */
async function* untilAborted<T>(iterable: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = iterable[Symbol.asyncIterator]();
  const stop = () => void iterator.return?.().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  signal.removeEventListener("abort", stop);
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req.setEncoding("utf8")) text += chunk;
  return text;
}
