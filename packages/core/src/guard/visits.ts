import type { Authenticate } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import { isPromise } from "../awaitable.ts";
import type { Services } from "../call.ts";
import { ApiError } from "../errors/api-error.ts";
import { toApiError } from "../errors/to-api-error.ts";
import type { Exchange, Reply } from "../http/exchange.ts";
import type { Spending } from "../ledger/estimate.ts";
import { addUsage, NO_USAGE } from "../ledger/usage.ts";
import { authorize } from "../pipeline/authorize.ts";
import { errorReply, withStandardHeaders } from "../pipeline/reply.ts";
import type { Progress, Settle } from "../pipeline/settle.ts";
import { type Caller, checkGuard, type Guard, type GuardOptions, type Visit } from "./guard.ts";

export interface VisitsOptions {
  readonly services: Services;
  readonly authenticate: Authenticate;
  /** Notes a request's arrival; `waited` has `close()` wait for it. @throws ApiError 503 when nothing more is let in */
  readonly arrived: (exchange: Exchange, waited: boolean) => Progress;
  readonly assertOpen: () => void;
  readonly settle: Settle;
}

const NOTHING_SAID: Reply = { status: 200, headers: {}, body: null };

export interface Guards {
  /** @throws TypeError for bad options */
  guard(options?: GuardOptions): Guard;
  /** Who it is that one of these guards has let in; nobody for any other caller. */
  principalOf(caller: Caller): Principal | undefined;
}

/** Lets requests to the host's own routes in as calls of the API are: the same keys, limits and ledger, and the same words for a refusal. */
export function createGuards({ services, authenticate, arrived, assertOpen, settle }: VisitsOptions): Guards {
  const principals = new WeakMap<Caller, Principal>();

  function guard(options: GuardOptions = {}): Guard {
    const { auth, meter } = checkGuard(options);
    const route = meter === null ? null : { id: meter };
    const spending: Spending = { kind: "completions", model: meter ?? "", input: null, maxOutputTokens: 0, answers: 1 };

    async function letIn(exchange: Exchange, progress: Progress): Promise<void> {
      assertOpen();
      const known = authenticate(exchange);
      const principal = isPromise(known) ? await known : known;
      progress.principal = principal;
      authorize({ auth, method: exchange.method === "GET" ? "GET" : "POST" }, principal, exchange);
      const project = (await services.platform?.projects.admit(principal)) ?? null;
      if (meter === null) return;
      const { limits, accounts, observing } = services;
      const { requestId, arrival } = progress;
      if (observing) {
        const begun = { requestId, operationId: meter, background: false, arrival, request: null };
        progress.observation = observing.begin(begun);
      }
      const asked = { principal, spending, target: null };
      if (limits) progress.drawn = await limits.admit({ ...asked, own: project?.limits ?? null, route: meter });
      if (accounts) progress.admission = await accounts.admit({ ...asked, id: requestId, operation: meter });
    }

    return async (exchange) => {
      const progress = arrived(exchange, meter !== null);
      progress.operation = route;
      try {
        await letIn(exchange, progress);
      } catch (error) {
        progress.receipt.error = error ?? new TypeError(`${error} was thrown`);
        const reply = errorReply(toApiError(error, exchange.cancellation));
        return { visit: null, refusal: settle(progress, withStandardHeaders(reply, progress)) };
      }
      const visit = visitOf(progress, meter === null ? null : settle);
      principals.set(visit.caller, visit.caller.principal);
      return { visit, refusal: null };
    };
  }

  return { guard, principalOf: (caller) => principals.get(caller) };
}

/** @param settle null for a request of which nothing is told when it has ended */
function visitOf(progress: Progress, settle: Settle | null): Visit {
  const { receipt, exchange, observation, requestId } = progress;
  const { "openai-processing-ms": _, ...headers } = withStandardHeaders(NOTHING_SAID, progress).headers;
  let over = settle === null;
  return {
    caller: {
      principal: progress.principal as NonNullable<Progress["principal"]>,
      requestId,
      used(usage) {
        if (!over) receipt.usage = addUsage(receipt.usage ?? NO_USAGE, { ...NO_USAGE, ...usage, estimated: false });
      },
    },
    headers,
    metered: settle !== null,
    run: (work) => (observation?.run ? observation.run(work) : work()),
    end(status) {
      if (over) return;
      over = true;
      if (status >= 400) receipt.error = answered(status);
      else if (!exchange.cancellation.aborted) {
        receipt.usage ??= NO_USAGE;
        receipt.complete = true;
      }
      settle?.(progress, { ...NOTHING_SAID, status });
    },
  };
}

function answered(status: number): ApiError {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return new ApiError({ status, type, message: `The host's own route answered with status ${status}.` });
}
