import type { Principal } from "../access/principal.ts";
import type { Receipt, Services, SettledCall } from "../call.ts";
import type { Logger } from "../engine/engine.ts";
import { ApiError } from "../errors/api-error.ts";
import { type ByteStream, type Exchange, isByteStream, isPushed, type Reply } from "../http/exchange.ts";
import type { Seat } from "../instances/instance.ts";
import type { Admission } from "../ledger/accounts.ts";
import { addUsage } from "../ledger/usage.ts";
import type { Drawn } from "../limits/rate-limits.ts";
import { day } from "../models/lifecycle.ts";
import { explanationOf } from "../observe/explanation.ts";
import type { Observation } from "../observe/observer.ts";
import type { Observing } from "../observe/observing.ts";
import type { Operation } from "../operation.ts";
import type { Listed } from "./roster.ts";

/** What the pipeline knows of a call from its arrival on. */
export interface Progress extends Listed {
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly arrival: number;
  readonly receipt: Receipt;
  operation: Pick<Operation, "id"> | null;
  principal: Principal | null;
  /** Set where rate limits hold for the call. */
  drawn: Drawn | null;
  /** Set where the call was entered in a ledger. */
  admission: Admission | null;
  /** Set where somebody watches the call. */
  observation: Observation | null;
  /** Set where an instance answers the call. */
  seat: Seat | null;
}

/** What a settled call is told from. */
export type Ended = Pick<Progress, "requestId" | "arrival" | "receipt" | "principal" | "observation"> & {
  readonly operation: { readonly id: string } | null;
  /** Whether whoever waited for it has gone. */
  readonly cancellation: { readonly aborted: boolean };
};

/** Tells of a call that has ended. Never throws. */
export type Tell = (call: Ended, status: number) => void;

export type Settle = (progress: Progress, reply: Reply) => Reply;

export function createTell(
  logger: Logger,
  onSettle: ((call: SettledCall) => void) | undefined,
  observing: Observing | null,
): Tell {
  return (ended, status) => {
    const call = settledCall(ended, status);
    if (observing) (ended.observation ?? observing.begin(unbegun(ended))).end(call);
    try {
      if (call.outcome === "failed" && !isRefusal(call.error)) {
        logger.error({ requestId: call.requestId, operation: call.operationId, err: call.error }, "request failed");
      }
    } catch {
      // A logger that fails over what an engine threw must not take the reply with it.
    }
    if (!onSettle) return;
    try {
      onSettle(call);
    } catch (err) {
      logger.error({ requestId: call.requestId, err }, "onSettle threw");
    }
  };
}

/** A call that was refused before it could begin. */
function unbegun({ requestId, operation, arrival }: Ended) {
  return { requestId, operationId: operation?.id ?? null, background: false, arrival, request: null };
}

/** Ends every call in one place, once: when the reply is made, or for a stream when its last byte is out. */
export function createSettle(
  tell: Tell,
  { accounts, limits }: Pick<Services, "accounts" | "limits">,
  onEnd: (progress: Progress) => void,
): Settle {
  const end = (progress: Progress, status: number) => {
    onEnd(progress);
    const { requestId, arrival, receipt, principal, operation, exchange, drawn, admission, seat, observation } =
      progress;
    addJudging(receipt);
    seat?.leave(receipt);
    if (drawn || admission) {
      const ending = { status, outcome: outcomeOf(receipt, exchange.cancellation.aborted) };
      if (limits && drawn) limits.settle(drawn, receipt, ending);
      if (accounts && admission) receipt.cost = accounts.settle(admission, receipt, ending);
    }
    const { cancellation } = exchange;
    tell({ requestId, arrival, receipt, principal, operation, observation, cancellation }, status);
  };

  return (progress, reply) => {
    if (isByteStream(reply.body) && isPushed(reply.body)) reply.body.onOver(() => end(progress, reply.status));
    else if (isByteStream(reply.body))
      return { ...reply, body: onceEnded(reply.body, progress.observation, () => end(progress, reply.status)) };
    else end(progress, reply.status);
    return reply;
  };
}

/** The client's own fault: nothing to look into. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

export function settledCall(
  { requestId, arrival, cancellation, receipt, operation, principal }: Ended,
  status: number,
): SettledCall {
  const { deprecation } = receipt;
  return {
    requestId,
    operationId: operation?.id ?? null,
    principal,
    model: receipt.model,
    snapshot: receipt.snapshot,
    instance: receipt.instance,
    deprecation: deprecation && { shutdown: day(deprecation.shutdown), successor: deprecation.successor },
    status,
    outcome: outcomeOf(receipt, cancellation.aborted),
    usage: receipt.usage,
    cost: receipt.cost,
    emulated: [...receipt.emulated],
    flagged: receipt.flagged,
    explanation: receipt.explained && explanationOf(receipt.explained, receipt.emulated),
    error: receipt.error,
    durationMs: performance.now() - arrival,
    firstTokenMs: receipt.firstTokenAt === 0 ? null : receipt.firstTokenAt - arrival,
  };
}

/** What judging took becomes part of what was consumed; where that is unknown, it stays so. */
export function addJudging(receipt: Receipt): void {
  if (receipt.judging && (receipt.usage || !receipt.asked)) receipt.usage = addUsage(receipt.usage, receipt.judging);
}

export function outcomeOf({ complete, error }: Receipt, aborted: boolean): SettledCall["outcome"] {
  if (aborted && !complete) return "cancelled";
  return error === undefined ? "completed" : "failed";
}

/** The same stream, with `ended` called once after it is exhausted, has thrown or was closed. */
function onceEnded(stream: ByteStream, observation: Observation | null, ended: () => void): ByteStream {
  return {
    [Symbol.asyncIterator]() {
      const iterator = stream[Symbol.asyncIterator]();
      const next = () => iterator.next();
      let over = false;
      const finish = () => {
        if (over) return;
        over = true;
        ended();
      };
      return {
        next: () =>
          (observation?.run ? observation.run(next) : next()).then(
            (result) => {
              if (result.done) finish();
              return result;
            },
            (error) => {
              finish();
              throw error;
            },
          ),
        async return() {
          try {
            await iterator.return?.();
          } finally {
            finish();
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}
