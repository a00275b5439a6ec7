export { outletErrorHandler } from "./error-handler.ts";
export type { ExpressOutletOptions, MountOptions } from "./options.ts";
export { type OutletHandler, outlet } from "./outlet.ts";
