import {
  type DynamicModule,
  Inject,
  Module,
  type NestModule,
  type OnModuleDestroy,
  type OnModuleInit,
} from "@nestjs/common";
import { ApplicationConfig, HttpAdapterHost, ModulesContainer, Reflector } from "@nestjs/core";
import { operations } from "@outlet/core";
import { routePath, WILDCARD } from "./outlet.controller.ts";
import { OutletExceptionFilter } from "./outlet.filter.ts";
import { type ASYNC_OPTIONS_TYPE, ConfigurableModuleClass, type OPTIONS_TYPE } from "./outlet.module-definition.ts";
import { OutletMount } from "./outlet.mount.ts";
import { type ExpressShape, mountOnExpress } from "./platform/express.ts";
import { type FastifyShape, mountOnFastify } from "./platform/fastify.ts";

/** Where `RouterModule` keeps a module's path, followed by the application's id. */
const MODULE_PATH = "__module_path__";

/** Paths of the generated controller's routes, below the mount. */
const OWN_ROUTES: ReadonlySet<string> = new Set(["/", WILDCARD, ...operations.map(routePath)]);

/** The OpenAI API as a Nest module. */
@Module({})
export class OutletModule extends ConfigurableModuleClass implements NestModule, OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(OutletMount) private readonly mount: OutletMount,
    @Inject(OutletExceptionFilter) private readonly filter: OutletExceptionFilter,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    super();
  }

  /** Mounts the API; `path` (default `"v1"`), `guards` and `interceptors` beside the outlet's own options. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: OutletModule };
  }

  /** Mounts the API with options that come from elsewhere; `path`, `guards` and `interceptors` are given here. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: OutletModule };
  }

  /** Nest calls it when all filters are known and no route is registered. */
  configure(): void {
    const modulePath = new Reflector().get<string | undefined>(MODULE_PATH + this.modules.applicationId, OutletModule);
    this.mount.modulePath = modulePath ?? "";
    // First in the list is asked last: every filter of the application's goes before this one.
    this.config.getGlobalFilters().unshift(this.filter);
    if (this.host.httpAdapter.getType() !== "fastify") return;
    mountOnFastify(this.host.httpAdapter.getInstance<FastifyShape>(), this.mount, OWN_ROUTES);
  }

  onModuleInit(): void {
    if (this.host.httpAdapter?.getType() !== "express") return;
    mountOnExpress(this.host.httpAdapter.getInstance<ExpressShape>(), this.mount);
  }

  /** Ends before the server stops listening, so streams under way can. */
  async onModuleDestroy(): Promise<void> {
    await this.mount.close();
  }
}
