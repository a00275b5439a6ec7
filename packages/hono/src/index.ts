export { type OutletEnv, outletGuard } from "./guard.ts";
export type { HonoOutletOptions, MountOptions } from "./options.ts";
export { type OutletApp, outlet } from "./outlet.ts";
export type { OutletSchema } from "./schema.ts";
