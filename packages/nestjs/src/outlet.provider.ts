import { createOutlet, type Exchange, isOutlet, type Outlet, type Principal } from "@outlet/core";
import type { HostRequest, NewOutletOptions, OutletModuleOptions } from "./outlet.options.ts";

const IN_PROCESS: Principal = { id: "in-process" };

/** The outlet a module mounts, with what the module may do with it. */
export abstract class HostedOutlet {
  abstract readonly outlet: Outlet;
  /** Who the injected client calls as. */
  abstract readonly clientPrincipal: Principal;
  /** Closes the outlet if this module made it. */
  abstract close(): Promise<void>;
}

/** @throws TypeError when the options name no outlet that can be made. */
export function createHostedOutlet(options: OutletModuleOptions): HostedOutlet {
  const clientPrincipal = options.client?.principal ?? IN_PROCESS;
  if ("outlet" in options) {
    if (!isOutlet(options.outlet)) throw new TypeError("OutletModule: `outlet` is not what createOutlet() returned");
    return { outlet: options.outlet, clientPrincipal, close: async () => {} };
  }
  const { client: _client, graceMs, authenticate: _, ...outletOptions } = options;
  const authenticate = hostAuthenticate(options);
  const outlet = createOutlet(authenticate ? { ...outletOptions, authenticate } : outletOptions);
  return { outlet, clientPrincipal, close: () => outlet.close({ graceMs }) };
}

/** A call through `outlet.fetch` has no request of the platform's: there only keys can tell who is calling. */
function hostAuthenticate({ authenticate }: NewOutletOptions) {
  if (!authenticate) return undefined;
  return ({ host }: Exchange) => (host instanceof Request ? null : authenticate(host as HostRequest));
}
