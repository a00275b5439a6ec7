import { createOutlet, type Exchange, isOutlet, type Outlet, type Principal } from "@outlet/core";
import type { HostRequest, NewOutletOptions, OutletModuleOptions } from "./outlet.options.ts";

const IN_PROCESS: Principal = { id: "in-process" };

/** The outlet a module mounts, with what the module may do with it. */
export abstract class HostedOutlet {
  abstract readonly outlet: Outlet;
  /** The injected client's key; null when there is none that would be accepted. */
  abstract readonly clientKey: string | null;
  /** Closes the outlet if this module made it. */
  abstract close(): Promise<void>;
}

/** @throws TypeError when the options name no outlet that can be made. */
export function createHostedOutlet(options: OutletModuleOptions): HostedOutlet {
  if ("outlet" in options) {
    if (!isOutlet(options.outlet)) throw new TypeError("OutletModule: `outlet` is not what createOutlet() returned");
    return { outlet: options.outlet, clientKey: options.client?.apiKey ?? null, close: async () => {} };
  }
  const { client, graceMs, authenticate: _, ...outletOptions } = options;
  const key = `in-process-${crypto.randomUUID()}`;
  const authenticate = hostAuthenticate(options, key);
  const outlet = createOutlet(authenticate ? { ...outletOptions, authenticate } : outletOptions);
  return { outlet, clientKey: client?.apiKey ?? key, close: () => outlet.close({ graceMs }) };
}

/** Undefined where nothing is to be authenticated, or nothing is configured: that is core's to accept or refuse. */
function hostAuthenticate(options: NewOutletOptions, inProcessKey: string) {
  if (options.access === "open" || (!options.keys && !options.authenticate)) return undefined;
  return (exchange: Exchange) => {
    // A web request was made in this process, through `outlet.fetch`: no other caller's key is compared with ours.
    if (!(exchange.host instanceof Request)) return options.authenticate?.(exchange.host as HostRequest);
    return exchange.header("authorization") === `Bearer ${inProcessKey}` ? IN_PROCESS : null;
  };
}
