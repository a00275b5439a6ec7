import { createAuthenticate, withOrganization } from "./access/access.ts";
import { callsFor } from "./access/calls-for.ts";
import type { Principal } from "./access/principal.ts";
import { discreetLogger } from "./errors/discreet-logger.ts";
import type { Caller, Guard, GuardOptions } from "./guard/guard.ts";
import type { Exchange, Reply } from "./http/exchange.ts";
import { fetchHandler } from "./http/web.ts";
import { createHostPlatform, type HostPlatform } from "./identity/host-platform.ts";
import { createPlatform } from "./identity/platform.ts";
import type { InstanceReport } from "./instances/instance.ts";
import { createInstances } from "./instances/instances.ts";
import { createJobs } from "./jobs/jobs.ts";
import { createAccounts } from "./ledger/accounts.ts";
import { approximateTokenizer } from "./ledger/tokenizer.ts";
import { createRateLimits } from "./limits/rate-limits.ts";
import { createModelRegistry } from "./models/registry.ts";
import { checkModeration } from "./moderation/moderation.options.ts";
import { keepTickShape } from "./node/tick-shape.ts";
import type { Health } from "./observe/health.ts";
import { createObserving } from "./observe/observing.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { OutletOptions } from "./options.ts";
import { operationRouter } from "./pipeline/match.ts";
import { createTell } from "./pipeline/settle.ts";
import { createPipeline } from "./pipeline.ts";
import { checkPolicy, judgesByChat } from "./policy/policy.options.ts";
import { createPolicy } from "./policy/policy.ts";
import { createImageFetcher } from "./remote/image-fetcher.ts";
import { backgroundResponses } from "./resources/responses/background/job.ts";
import { createResponseOperation } from "./resources/responses/responses.operation.ts";
import { createEraser } from "./retention/eraser.ts";
import { createRetention } from "./retention/retention.ts";
import { createSealer } from "./sealing/sealer.ts";
import { checkSealingKeys, sealingKeys } from "./sealing/sealing-keys.ts";
import { storedSecret } from "./sealing/stored-secret.ts";
import { aliveStore } from "./store/alive-store.ts";
import { followedStore } from "./store/followed-store.ts";
import { guardedStore } from "./store/guarded-store.ts";
import { createMemoryStore } from "./store/memory-store.ts";

/** The mounted API. */
export interface Outlet {
  /**
   * Answers a web `Request`; also a drop-in `fetch` for the official SDK:
   * `new OpenAI({ baseURL: "http://outlet/v1", apiKey, fetch: outlet.fetch })`.
   * Never rejects, except as `fetch` itself does when the signal in its second argument aborts. With a `Request`, a second
   * argument is ignored: servers pass their bindings there.
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /**
   * The same `fetch`, for calls that this process makes as `principal`: no key is needed, and one that is sent is not looked at.
   * Hand it to whom you would hand the principal's key.
   */
  readonly as: (principal: Principal) => Pick<Outlet, "fetch">;
  /**
   * The same `fetch`, for calls that this process makes for whoever sent `exchange`: as who they are by the outlet's own `keys` and
   * `authenticate`, asked once, and until they leave. For a caller whom the outlet does not let in, every call is a 401.
   * A `caller` whom this outlet's own guard has let in for that request is not asked about again; any other is passed over.
   */
  readonly asCallerOf: (exchange: Exchange, caller?: Caller) => Pick<Outlet, "fetch">;
  /**
   * Stands before a route of the host's own: gives a function that lets a request in as a call of the API would be, or says how it is refused. What
   * the adapters' guards are made of.
   * @throws TypeError for bad options
   */
  readonly guard: (options?: GuardOptions) => Guard;
  /** Answers an exchange; what adapters call. Never rejects. */
  readonly handle: (exchange: Exchange) => Promise<Reply>;
  /**
   * Answers an error that arose in the host before the outlet was reached (a body parser's, a guard's), in this API's
   * envelope: an `ApiError` as it is, anything else as an opaque 500. Never rejects.
   */
  readonly refuse: (exchange: Exchange, error: unknown) => Promise<Reply>;
  /** How it and what it stands on are doing, as its own calls have shown; asks nothing and nobody. For probes of readiness. */
  readonly health: () => Health;
  /** True when the path, below the mount point, is one of the API's, whatever the method. */
  readonly handles: (path: string) => boolean;
  /** What the host does for the people of its organizations: their sign-up, keys of their own. Null without the `platform` option. */
  readonly platform: HostPlatform | null;
  /** How the instances of the `instances` option do: load, waiting, latency, and whether each pays. */
  readonly instances: () => InstanceReport[];
  /** The operations this outlet answers, in the API reference's order. */
  readonly operations: readonly Operation[];
  /**
   * Begins nothing more, lets requests and work in the background that are under way finish for `graceMs` (default 10,000), cancels
   * what is left of the requests and hands back what is left of the work, and closes the engines, the store and the ledger.
   */
  readonly close: (options?: { graceMs?: number }) => Promise<void>;
}

/**
 * Makes an outlet: the OpenAI API with your models behind it.
 * @throws TypeError when no model or no way in is configured.
 */
export function createOutlet(options: OutletOptions): Outlet {
  const models = createModelRegistry(options.models);
  const answers = models.engines.size > 0;
  if (!answers && !options.platform) throw new TypeError("createOutlet needs at least one model");
  keepTickShape();
  const logger = discreetLogger(options.logger ?? consoleLogger);
  const storePulse = { failing: false };
  const guarded = guardedStore(options.store ?? createMemoryStore(), storePulse);
  const eraser = createEraser({ store: guarded, logger, waitUntil: options.jobs?.waitUntil });
  const { store: kept, follow } = followedStore(aliveStore(eraser.store));
  const jobs = createJobs({ store: kept, logger, options: options.jobs });
  const { store } = jobs;
  const { tokenizer = approximateTokenizer, fetchImage = createImageFetcher() } = options;
  checkModeration(options.moderation, models);
  if (options.policy) checkPolicy(options.policy, models, options.moderation, options.platform !== undefined);
  checkSealingKeys(options.sealingKeys);
  const retention = createRetention(options.retention ?? {});
  const { moderation = null, mcp, sealingKeys: secrets } = options;
  if (options.billing && !options.ledger) throw new TypeError("billing needs a ledger to write to");
  const sealer = createSealer(sealingKeys(async () => secrets ?? [await storedSecret(store)]));
  const platform = options.platform ? createPlatform(store, options.platform, logger) : null;
  const limits = options.limits || platform ? createRateLimits(models, options.limits ?? {}) : undefined;
  const home = platform ? async () => (await platform.defaults()).organization : undefined;
  const accounts = options.ledger && createAccounts(options.ledger, options.billing ?? {}, logger, home);
  const instances =
    options.instances && createInstances(options.instances, models, (names) => accounts?.ratesOf(names) ?? null);
  const { maxPending = 1_000 } = options.jobs ?? {};
  const health = (): Health => {
    const ledger = accounts?.health();
    return {
      ...pipeline.state(),
      store: storePulse.failing ? "failing" : "working",
      ledger: ledger ? (ledger.failing ? "failing" : "working") : null,
      unsettled: ledger?.unsettled ?? 0,
      limiter: limits ? (limits.away() ? "failing" : "working") : null,
    };
  };
  const observing = createObserving(options.observers ?? [], { hasModel: models.has, health }, logger);
  const services = {
    models,
    logger,
    store,
    follow,
    maxPending,
    tokenizer,
    fetchImage,
    moderation,
    retention,
    mcp,
    sealer,
    accounts,
    limits,
    policy:
      options.policy &&
      createPolicy(options.policy, platform, { byChat: judgesByChat(options.policy, models, options.moderation) }),
    platform,
    observing,
    explain: options.explain ?? false,
    instances,
  };
  const router = operationRouter(operations);
  const authenticate = createAuthenticate(options, platform);
  const tell = createTell(logger, options.onSettle, observing);
  const pipeline = createPipeline({ router, services, authenticate, tell, maxBodyBytes: options.maxBodyBytes });
  accounts?.start();
  // Without models it administers, and leaves the work in a store that it shares to others.
  if (answers) {
    jobs.start({ response: backgroundResponses({ operation: createResponseOperation, services, tell }) });
    eraser.start();
  }
  return {
    handle: (exchange) => pipeline.handle(exchange),
    refuse: pipeline.refuse,
    fetch: fetchHandler((exchange) => pipeline.handle(exchange)),
    as: (principal) => ({
      fetch: fetchHandler((exchange) => pipeline.handle(exchange, () => withOrganization(principal, platform))),
    }),
    asCallerOf: (exchange, caller) => {
      const known = caller && pipeline.guards.principalOf(caller);
      const who = known ? () => known : authenticate;
      return { fetch: fetchHandler(callsFor(exchange, who, pipeline)) };
    },
    health,
    guard: pipeline.guards.guard,
    handles: (path) => router.match("", path) !== null,
    platform: platform && createHostPlatform(platform),
    instances: () => instances?.report() ?? [],
    operations,
    async close({ graceMs = 10_000 } = {}) {
      await Promise.all([pipeline.close(graceMs), jobs.close(graceMs), eraser.close()]);
      await platform?.close();
      const engines = new Set([...models.engines, ...(instances?.engines ?? [])]);
      await Promise.all([...engines].map((engine) => engine.close?.()));
      await options.mcp?.close?.();
      await accounts?.close();
      await limits?.close();
      await store.close?.();
    },
  };
}

const consoleLogger = {
  error: (details: object, message: string) => console.error(message, details),
  warn: (details: object, message: string) => console.warn(message, details),
};

export function isOutlet(value: object): value is Outlet {
  return "handle" in value && "handles" in value;
}
