import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  Inject,
  Injectable,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { Caller, Guard, Guarded, GuardOptions, Outlet, Reply } from "@outlet/core";
import { guardNodeRequest } from "@outlet/core/node";
import { type HostReply, type HostRequestObject, nodePair } from "./node-pair.ts";
import { ROUTE_KIND } from "./outlet.controller.ts";
import { OutletRoute } from "./outlet.decorators.ts";
import { OUTLET } from "./outlet.tokens.ts";

/** A request that was let in. */
export type GuardedRequest = HostRequestObject & { outlet?: Caller };

/**
 * Lets in whom the outlet would let in, by its own `keys`, `authenticate` and issued keys: for routes of your own. Who they are is in
 * `@OutletCaller()` and `@OutletPrincipal()`; `@OutletRoute({ meter })` has a route limited and accounted for as a model is. Refusals have the
 * API's status and envelope. Extend it to change a step:
 *
 * ```ts
 * @Injectable()
 * class StaffGuard extends OutletGuard {
 *   protected override authorize({ principal }: Caller) {
 *     return principal.organization === "staff";
 *   }
 * }
 * ```
 *
 * As a global guard it leaves the API's own routes alone: those ask for themselves.
 */
@Injectable()
export class OutletGuard implements CanActivate {
  readonly #guards = new Map<string, Guard>();

  constructor(
    @Inject(OUTLET) protected readonly outlet: Outlet,
    @Inject(Reflector) protected readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (await this.shouldSkip(context)) return true;
    const { visit, refusal } = await this.authenticate(context, this.getOptions(context));
    if (!visit) return this.refuse(context, refusal);
    const { request, response } = this.getRequestResponse(context);
    setHeaders(response, visit.headers);
    request.outlet = visit.caller;
    if (!(await this.authorize(visit.caller, context))) throw new ForbiddenException();
    return true;
  }

  /** Whether a route is left alone; default: the API's own, and what is not HTTP. */
  protected async shouldSkip(context: ExecutionContext): Promise<boolean> {
    if (context.getType<string>() !== "http") return true;
    return this.reflector.get<string | undefined>(ROUTE_KIND, context.getHandler()) !== undefined;
  }

  /** What holds for the route; default: its `@OutletRoute()`, or its controller's. */
  protected getOptions(context: ExecutionContext): GuardOptions {
    return this.reflector.getAllAndOverride(OutletRoute, [context.getHandler(), context.getClass()]) ?? {};
  }

  protected getRequestResponse(context: ExecutionContext): { request: GuardedRequest; response: HostReply } {
    const http = context.switchToHttp();
    return { request: http.getRequest<GuardedRequest>(), response: http.getResponse<HostReply>() };
  }

  /** Finds out who is calling, holds them against their limits and enters the request in the ledger. */
  protected authenticate(context: ExecutionContext, options: GuardOptions): Promise<Guarded> {
    const { request, response } = this.getRequestResponse(context);
    const { req, res } = nodePair(request, response);
    return guardNodeRequest(this.#guardOf(options), req, res, { host: request });
  }

  /** Whether a caller whom the outlet knows may use this route; `false` is a 403. Default: they may. */
  protected authorize(_caller: Caller, _context: ExecutionContext): boolean | Promise<boolean> {
    return true;
  }

  /** Throws what a caller gets who was not let in: the API's own status, headers and envelope. */
  protected refuse(context: ExecutionContext, { status, headers, body }: Reply): never {
    const { "content-type": _, ...others } = headers;
    setHeaders(this.getRequestResponse(context).response, others);
    throw new HttpException(JSON.parse(String(body)) as Record<string, unknown>, status);
  }

  #guardOf(options: GuardOptions): Guard {
    const name = `${options.auth ?? "key"} ${options.meter ?? ""}`;
    let guard = this.#guards.get(name);
    if (!guard) {
      guard = this.outlet.guard(options);
      this.#guards.set(name, guard);
    }
    return guard;
  }
}

/** The host's own request id, for instance, stays. */
function setHeaders(response: HostReply, headers: Readonly<Record<string, string>>): void {
  const present = response.getHeaders();
  for (const [name, value] of Object.entries(headers)) {
    if (name in present) continue;
    if ("raw" in response) response.header(name, value);
    else response.setHeader(name, value);
  }
}
