import {
  All,
  type CanActivate,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  type NestInterceptor,
  Post,
  Req,
  Res,
  SetMetadata,
  type Type,
  UseFilters,
  UseGuards,
  UseInterceptors,
  VERSION_NEUTRAL,
} from "@nestjs/common";
import { type Operation, operations } from "@outlet/core";
import type { HostReply, HostRequestObject } from "./node-pair.ts";
import { OutletExceptionFilter } from "./outlet.filter.ts";
import { OutletMount } from "./outlet.mount.ts";

/** Handles what no operation's own route does: unknown URLs, wrong methods, and the API's paths in other spellings. */
export const OTHERWISE = "otherwise";

/** Everything below the mount, as Express' router writes it. */
export const WILDCARD = "/*path";

/** Marks the handlers of routes: `"operation"` or `"rest"`. */
export const ROUTE_KIND = "outlet:route";

const METHODS = { GET: Get, POST: Post, DELETE: Delete };

/** A controller with a method for each operation, named by its `operationId`, and a last one for the rest. */
export function createOutletController(
  path: string,
  guards: (Type<CanActivate> | CanActivate)[],
  interceptors: (Type<NestInterceptor> | NestInterceptor)[],
): Type {
  class OutletController {
    constructor(readonly mount: OutletMount) {}
  }
  Inject(OutletMount)(OutletController, undefined, 0);
  for (const operation of operations) {
    addHandler(OutletController, operation.id, "operation", METHODS[operation.method](routePath(operation)));
  }
  // At the root, the rest is the application's own.
  if (path !== "") addHandler(OutletController, OTHERWISE, "rest", All(["/", WILDCARD]));

  UseFilters(OutletExceptionFilter)(OutletController);
  UseGuards(...guards)(OutletController);
  UseInterceptors(...interceptors)(OutletController);
  // Neutral: the API has a version of its own, and stays where `path` says whatever versioning the application enables.
  Controller({ path: path || "/", version: VERSION_NEUTRAL })(OutletController);
  return OutletController;
}

/** `/models/{model}` → `/models/:model`. An id with slashes in it takes the last route. */
export function routePath(operation: Operation): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function addHandler(
  controller: Type<{ mount: OutletMount }>,
  name: string,
  kind: "operation" | "rest",
  route: MethodDecorator,
): void {
  const prototype = controller.prototype as Record<string, unknown>;
  const handler = {
    [name](this: { mount: OutletMount }, request: HostRequestObject, reply: HostReply) {
      return this.mount.handle(request, reply);
    },
  }[name];
  const descriptor = { value: handler, writable: true, configurable: true, enumerable: false };
  Object.defineProperty(prototype, name, descriptor);
  Req()(prototype, name, 0);
  Res()(prototype, name, 1);
  HttpCode(200)(prototype, name, descriptor);
  SetMetadata(ROUTE_KIND, kind)(prototype, name, descriptor);
  route(prototype, name, descriptor);
}
