import {
  type CanActivate,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type ModuleMetadata,
  type NestInterceptor,
  Scope,
  type Type,
} from "@nestjs/common";
import { normalizePath } from "./mount-path.ts";
import { createOpenAIFactory } from "./openai.provider.ts";
import { createOutletController } from "./outlet.controller.ts";
import { OutletExceptionFilter } from "./outlet.filter.ts";
import { MOUNT_SETTINGS, type MountSettings, OutletMount } from "./outlet.mount.ts";
import type { OutletModuleOptions } from "./outlet.options.ts";
import { createHostedOutlet, HostedOutlet } from "./outlet.provider.ts";
import { OPENAI, OUTLET } from "./outlet.tokens.ts";
import { describeController } from "./swagger.ts";

/** What is fixed when the module is defined, before asynchronous options are there. */
export interface OutletModuleExtras {
  /** Where the API is mounted, below the application's global prefix; default: `"v1"`. */
  path?: string;
  /** Guards of the API's controller, beside the application's global ones. */
  guards?: (Type<CanActivate> | CanActivate)[];
  /** Interceptors of the API's controller, beside the application's global ones. */
  interceptors?: (Type<NestInterceptor> | NestInterceptor)[];
  /** Modules whose providers the guards and interceptors inject. */
  imports?: ModuleMetadata["imports"];
  /** Whether every module can inject the outlet and the client without importing this one; default: true. */
  isGlobal?: boolean;
  /**
   * Lets Nest's own body parsers run before guards: these then see `request.body`, and the parsers' size limits and errors
   * apply to the API too. Default: false; the outlet reads the body itself, after guards and authentication.
   */
  hostBodyParser?: boolean;
}

const OPENAI_FACTORY = Symbol("OPENAI_FACTORY");
const DOCUMENTED = Symbol("OUTLET_DOCUMENTED");

// MODULE_OPTIONS_TOKEN is the options' injection token, for tests to override.
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<OutletModuleOptions>({ moduleName: "Outlet" })
    .setClassMethodName("forRoot")
    .setFactoryMethodName("createOutletOptions")
    .setExtras<OutletModuleExtras>(
      { path: "v1", guards: [], interceptors: [], imports: [], isGlobal: true, hostBodyParser: false },
      (definition, extras) => defineModule(definition, extras),
    )
    .build();

function defineModule(definition: DynamicModule, extras: OutletModuleExtras): DynamicModule {
  const path = normalizePath(extras.path ?? "v1");
  const settings: MountSettings = { path, hostBodyParser: extras.hostBodyParser ?? false };
  const controller = createOutletController(path, extras.guards ?? [], extras.interceptors ?? []);
  return {
    ...definition,
    global: extras.isGlobal ?? true,
    imports: [...(definition.imports ?? []), ...(extras.imports ?? [])],
    controllers: [controller],
    providers: [
      ...(definition.providers ?? []),
      { provide: MOUNT_SETTINGS, useValue: settings },
      { provide: HostedOutlet, useFactory: createHostedOutlet, inject: [MODULE_OPTIONS_TOKEN] },
      { provide: OUTLET, useFactory: (hosted: HostedOutlet) => hosted.outlet, inject: [HostedOutlet] },
      { provide: OPENAI_FACTORY, useFactory: createOpenAIFactory, inject: [HostedOutlet] },
      // Transient, so that `openai` is only loaded, and only needed, where somebody injects the client.
      {
        provide: OPENAI,
        scope: Scope.TRANSIENT,
        useFactory: (openAI: () => Promise<unknown>) => openAI(),
        inject: [OPENAI_FACTORY],
      },
      { provide: DOCUMENTED, useFactory: () => describeController(controller) },
      OutletMount,
      OutletExceptionFilter,
    ],
    exports: [OUTLET, OPENAI],
  };
}
