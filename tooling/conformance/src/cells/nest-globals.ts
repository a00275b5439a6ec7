import { setImmediate } from "node:timers/promises";
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  HttpStatus,
  type INestApplication,
  type NestInterceptor,
  ValidationPipe,
  VersioningType,
} from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { map } from "rxjs";

/** What a Nest application sets for all of its routes. */
export const GLOBALS = {
  "a global prefix": (app) => app.setGlobalPrefix(GLOBAL_PREFIX),
  "URI versioning": (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: "1" }),
  "a validation pipe": (app) =>
    app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true })),
  "an interceptor that wraps results": (app) => app.useGlobalInterceptors(wrapsResults),
  "an exception filter": (app) => app.useGlobalFilters(catchesEverything(app)),
  "a guard": (app) => app.useGlobalGuards(letsPass),
} satisfies Record<string, (app: INestApplication) => unknown>;

export type Global = keyof typeof GLOBALS;

export const ALL_GLOBALS = Object.keys(GLOBALS) as Global[];
export const GLOBAL_PREFIX = "api";

const wrapsResults: NestInterceptor = {
  intercept: (_context, next: CallHandler) => next.handle().pipe(map((data) => ({ data, wrapped: true }))),
};

/** Looks something up before it lets a request pass. */
const letsPass: CanActivate = {
  async canActivate() {
    await setImmediate();
    return true;
  },
};

function catchesEverything(app: INestApplication): ExceptionFilter {
  return {
    catch(_error, host: ArgumentsHost) {
      const { httpAdapter } = app.get(HttpAdapterHost);
      httpAdapter.reply(host.switchToHttp().getResponse(), { oops: true }, HttpStatus.INTERNAL_SERVER_ERROR);
    },
  };
}
