import type { HostReply, HostRequestObject } from "../node-pair.ts";
import { WILDCARD } from "../outlet.controller.ts";
import type { OutletMount } from "../outlet.mount.ts";

/** The parts of an Express application that are used here; a layer is one `use()` or one route. */
export interface ExpressShape {
  readonly router: { readonly stack: Layer[] };
  use(handler: ErrorHandler): unknown;
}

interface Layer {
  readonly route?: { readonly path: unknown };
  handle: Handler;
}

type Handler = (request: ExpressRequest, response: HostReply, next: (error?: unknown) => void) => unknown;
type ErrorHandler = (error: unknown, ...args: Parameters<Handler>) => unknown;
type ExpressRequest = HostRequestObject & { readonly originalUrl: string };

const PARSERS = new Set(["jsonParser", "urlencodedParser", "rawParser", "textParser"]);

/** Runs when parsers, middleware and all routes are registered, and Nest's 404 and error handlers are not yet. */
export function mountOnExpress(app: ExpressShape, mount: OutletMount, ownRoutes: ReadonlySet<string>): void {
  const { stack } = app.router;
  const isBelow = ({ route }: Layer) => typeof route?.path === "string" && mount.below(route.path) !== null;
  const ownRoute = ({ route }: Layer) => ownRoutes.has(mount.below(String(route?.path)) ?? "");
  if (stack.some((layer) => isBelow(layer) && !ownRoute(layer))) mount.shared = true;

  // Express asks routes in order: the rest is only ours when no route of the application's wants it.
  const isRest = (layer: Layer) => isBelow(layer) && mount.below(String(layer.route?.path)) === WILDCARD;
  const rest = stack.filter(isRest);
  if (mount.settings.path !== "") stack.splice(0, stack.length, ...stack.filter((layer) => !isRest(layer)), ...rest);

  if (!mount.settings.hostBodyParser) stack.filter(isParser).forEach((layer) => void skipOwn(layer, mount));

  app.use((error, request, response, next) => {
    if (!mount.owns(request.originalUrl)) return next(error);
    return mount.refuse(request, response, error);
  });
}

function isParser({ handle }: Layer): boolean {
  return PARSERS.has(handle.name);
}

/** Keeps a body parser away from the mount's requests: the outlet reads them itself, within limits of its own. */
function skipOwn(layer: Layer, mount: OutletMount): void {
  const parse = layer.handle;
  const handle: Handler = (request, response, next) =>
    mount.owns(request.originalUrl) ? next() : parse(request, response, next);
  // Nest and other mounts know a parser by its name.
  Object.defineProperty(handle, "name", { value: parse.name });
  layer.handle = handle;
}
