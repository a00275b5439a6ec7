export { outletErrorHandler } from "./error-handler.ts";
export { outletGuard } from "./guard.ts";
export type { ExpressOutletOptions, MountOptions } from "./options.ts";
export { type OutletHandler, outlet } from "./outlet.ts";
