export { OutletCaller, OutletPrincipal, OutletRoute } from "./outlet.decorators.ts";
export { type GuardedRequest, OutletGuard } from "./outlet.guard.ts";
export { OutletModule } from "./outlet.module.ts";
export { MODULE_OPTIONS_TOKEN as OUTLET_OPTIONS, type OutletModuleExtras } from "./outlet.module-definition.ts";
export type {
  ExistingOutletOptions,
  HostRequest,
  NewOutletOptions,
  OutletClientOptions,
  OutletModuleOptions,
  OutletOptionsFactory,
} from "./outlet.options.ts";
export { InjectOpenAI, InjectOutlet, OPENAI, OUTLET } from "./outlet.tokens.ts";
