import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { Caller, GuardOptions, Principal } from "@outlet/core";

/** What `OutletGuard` asks of a route, or of all of a controller's: `@OutletRoute({ meter: "reports" })`. */
export const OutletRoute = Reflector.createDecorator<GuardOptions>();

/** Who sent the request, as the outlet knows them: behind `OutletGuard`. */
export const OutletCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => callerOf(context));

/** Their principal alone. */
export const OutletPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => callerOf(context).principal,
);

function callerOf(context: ExecutionContext): Caller {
  const { outlet } = context.switchToHttp().getRequest<{ outlet?: Caller }>();
  if (!outlet) throw new Error("@OutletCaller() and @OutletPrincipal() need OutletGuard on the route");
  return outlet;
}
