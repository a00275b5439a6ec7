import type { Authenticate } from "./access/access.ts";
import { atMost, isPromise } from "./awaitable.ts";
import type { Call, Services } from "./call.ts";
import { adminApiOff } from "./errors/access.ts";
import { unavailable } from "./errors/catalogue.ts";
import { toApiError } from "./errors/to-api-error.ts";
import { createGuards, type Guards } from "./guard/visits.ts";
import type { Exchange, Reply } from "./http/exchange.ts";
import type { Router } from "./http/router.ts";
import { newId } from "./ids.ts";
import { startExplaining } from "./observe/explanation.ts";
import type { Operation } from "./operation.ts";
import { admit } from "./pipeline/admit.ts";
import { authorize } from "./pipeline/authorize.ts";
import { matchOperation } from "./pipeline/match.ts";
import { hasBytes, parseBody } from "./pipeline/parse.ts";
import { parseQuery } from "./pipeline/query.ts";
import { errorReply, withStandardHeaders } from "./pipeline/reply.ts";
import { createRoster } from "./pipeline/roster.ts";
import { takeSeat } from "./pipeline/seat.ts";
import { createSettle, type Progress, type Tell } from "./pipeline/settle.ts";
import { newReceipt } from "./receipt.ts";

export interface PipelineOptions {
  readonly router: Router<Operation>;
  readonly authenticate: Authenticate;
  readonly services: Services;
  /** Told of every call that has ended. */
  readonly tell: Tell;
  readonly maxBodyBytes: number | undefined;
}

export interface Pipeline {
  /** Lets requests to the host's own routes in. */
  readonly guards: Guards;
  /** What is under way, and whether more may come. */
  state(): { readonly open: boolean; readonly underWay: number };
  /** Never rejects. `who` says who is calling, where that is known without asking the request. */
  handle(exchange: Exchange, who?: Authenticate): Promise<Reply>;
  /** Answers an error that arose before the pipeline was reached; settled like any other call. Never rejects. */
  refuse(exchange: Exchange, error: unknown): Promise<Reply>;
  /** Refuses new calls, waits for those under way, and cancels what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** The one way in: match → authenticate → authorize → parse → admit → run → settle → reply. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { router, authenticate, services } = options;
  const underWay = createRoster<Progress>();
  let closing = false;
  let idle: () => void = () => {};

  const settle = createSettle(options.tell, services, (progress) => {
    underWay.remove(progress);
    if (underWay.items.length === 0) idle();
  });

  function assertOpen(): void {
    if (closing) throw unavailable("The server is shutting down.");
  }

  async function run(exchange: Exchange, progress: Progress, who: Authenticate): Promise<Reply> {
    assertOpen();
    const { route: operation, params } = matchOperation(router, exchange);
    progress.operation = operation;
    if (operation.auth === "admin" && !services.platform) throw adminApiOff();
    const known = who(exchange);
    const principal = isPromise(known) ? await known : known;
    progress.principal = principal;
    authorize(operation, principal, exchange);
    const admitted = services.platform?.projects.admit(principal) ?? null;
    const project = isPromise(admitted) ? await admitted : admitted;
    const query = operation.query ? parseQuery(exchange.search, operation.query) : NO_QUERY;
    const maxBytes = options.maxBodyBytes ?? operation.body?.maxBytes ?? 0;
    const expected = operation.body;
    const rawBody = expected && hasBytes(exchange, expected) ? await exchange.body.bytes(maxBytes) : null;
    const body = expected ? parseBody(exchange, expected, rawBody) : undefined;
    const { cancellation } = exchange;
    const context = {
      signal: cancellation.signal,
      cancellation,
      principal,
      requestId: progress.requestId,
      logger: services.logger,
    };
    const call: Call = {
      exchange,
      operation,
      params,
      principal,
      modelAccess: project?.models ?? null,
      ownLimits: project?.limits ?? null,
      seat: null,
      zeroRetention: (project?.retention ?? services.retention.type) === "zero_data_retention",
      context,
      services,
      query,
      body,
      rawBody,
      receipt: progress.receipt,
    };
    const { observing, explain } = services;
    if (explain && expected) {
      progress.receipt.explained = startExplaining(body as object, expected.schema.shape, explain === "header");
    }
    // A promise that is returned takes two more turns of the queue than one that is awaited.
    if (!observing) return await work(call, operation, progress);
    const { requestId, arrival } = progress;
    const request = (body as Readonly<Record<string, unknown>> | undefined) ?? null;
    const observation = observing.begin({ requestId, operationId: operation.id, background: false, arrival, request });
    progress.observation = observation;
    // An observer is given work that fails by its promise alone.
    return await (observation.run
      ? observation.run(() => admitAndRun(call, operation, progress))
      : work(call, operation, progress));
  }

  /** A promise less for every call where nothing is asked before its operation. */
  function work(call: Call, operation: Operation, progress: Progress): Promise<Reply> {
    const { instances, limits, accounts, policy } = services;
    const isAsked = policy || (operation.spends && (instances || limits || accounts));
    return isAsked ? admitAndRun(call, operation, progress) : operation.run(call);
  }

  async function admitAndRun(call: Call, operation: Operation, progress: Progress): Promise<Reply> {
    if (operation.spends && services.instances) await takeSeat(call, operation.spends, progress);
    if (operation.spends && (services.limits || services.accounts)) {
      const admission = admit(call, operation.spends, progress);
      progress.admission = isPromise(admission) ? await admission : admission;
    }
    const inputRule = services.policy?.inputRule(call.principal);
    if (inputRule) await services.policy?.judgeInput(call, inputRule);
    return await operation.run(call);
  }

  function arrived(exchange: Exchange, waited: boolean): Progress {
    const progress: Progress = {
      requestId: newId("req_"),
      arrival: performance.now(),
      exchange,
      place: 0,
      receipt: newReceipt(),
      operation: null,
      principal: null,
      drawn: null,
      admission: null,
      observation: null,
      seat: null,
    };
    if (waited) underWay.add(progress);
    return progress;
  }

  async function answer(exchange: Exchange, work: (progress: Progress) => Promise<Reply>): Promise<Reply> {
    const progress = arrived(exchange, true);
    let reply: Reply;
    try {
      reply = await work(progress);
    } catch (error) {
      progress.receipt.error = error ?? new TypeError(`${error} was thrown`);
      reply = errorReply(toApiError(error, exchange.cancellation));
    }
    return settle(progress, withStandardHeaders(reply, progress));
  }

  return {
    guards: createGuards({ services, authenticate, arrived, assertOpen, settle }),
    state: () => ({ open: !closing, underWay: underWay.items.length }),
    handle: (exchange, who = authenticate) => answer(exchange, (progress) => run(exchange, progress, who)),
    refuse: (exchange, error) => answer(exchange, () => Promise.reject(error)),

    async close(graceMs) {
      closing = true;
      if (underWay.items.length === 0) return;
      const drained = new Promise<void>((resolve) => {
        idle = resolve;
      });
      await atMost(graceMs, drained);
      for (const { exchange } of [...underWay.items]) exchange.cancel();
    },
  };
}

const NO_QUERY = Object.freeze({});
