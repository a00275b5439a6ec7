import { Reflector } from "@nestjs/core";
import type { NodeRequest } from "@outlet/core/node";
import type { HostReply } from "../node-pair.ts";
import { ROUTE_KIND } from "../outlet.controller.ts";
import type { OutletMount } from "../outlet.mount.ts";

/** The parts of an Express application that are used here; a layer is one `use()` or one route. */
export interface ExpressShape {
  readonly router: { readonly stack: Layer[] };
  use(handler: ErrorHandler): unknown;
}

interface Layer {
  readonly route?: { readonly path: unknown; readonly stack: readonly { readonly handle: Handler }[] };
  handle: Handler;
}

type Handler = (request: NodeRequest, response: HostReply, next: (error?: unknown) => void) => unknown;
type ErrorHandler = (error: unknown, ...args: Parameters<Handler>) => unknown;

const reflector = new Reflector();
const PARSERS = new Set(["jsonParser", "urlencodedParser", "rawParser", "textParser"]);

/** Runs when parsers, middleware and all routes are registered, and Nest's 404 and error handlers are not yet. */
export function mountOnExpress(app: ExpressShape, mount: OutletMount): void {
  const { stack } = app.router;
  const below = stack.filter(({ route }) => typeof route?.path === "string" && mount.below(route.path) !== null);
  if (below.some((layer) => routeKind(layer) === undefined)) mount.shared = true;

  // Express asks routes in order: the rest is only ours when no route of the application's wants it.
  for (const layer of below.filter((one) => routeKind(one) === "rest")) {
    stack.splice(stack.indexOf(layer), 1);
    stack.push(layer);
  }

  if (!mount.settings.hostBodyParser) for (const layer of stack.filter(isParser)) skipOwn(layer, mount);

  app.use((error, request, response, next) => {
    if (!mount.owns(request)) return next(error);
    return mount.refuse(request, response, error);
  });
}

/** Nest copies a method's metadata to the handler it registers. */
function routeKind({ route }: Layer): string | undefined {
  return route?.stack.map(({ handle }) => reflector.get<string | undefined>(ROUTE_KIND, handle)).find(Boolean);
}

function isParser({ handle }: Layer): boolean {
  return PARSERS.has(handle.name);
}

/** Keeps a body parser away from the mount's requests: the outlet reads them itself, within limits of its own. */
function skipOwn(layer: Layer, mount: OutletMount): void {
  const parse = layer.handle;
  const handle: Handler = (request, response, next) => (mount.owns(request) ? next() : parse(request, response, next));
  // Nest and other mounts know a parser by its name.
  Object.defineProperty(handle, "name", { value: parse.name });
  layer.handle = handle;
}
