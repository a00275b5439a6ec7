import type { HostReply, HostRequestObject } from "../node-pair.ts";
import { WILDCARD } from "../outlet.controller.ts";
import type { OutletMount } from "../outlet.mount.ts";

/** The parts of a Fastify instance that are used here. */
export interface FastifyShape {
  addHook(name: "onRoute", hook: (route: Route) => void): unknown;
  addHook(name: "preValidation", hook: (request: Request, reply: unknown, done: () => void) => void): unknown;
}

interface Route {
  url: string;
  path: string;
  preParsing?: unknown;
  errorHandler?: (error: unknown, request: HostRequestObject, reply: HostReply) => unknown;
}

/** Where a request has its headers while they are hidden. Not in a `WeakMap`; see `OutletMount`. */
const HIDDEN = Symbol("outlet:headers");

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Request = HostRequestObject & { headers: Headers; readonly raw: object; [HIDDEN]?: Headers };
type PreParsing = (
  request: Request,
  reply: unknown,
  payload: object,
  done: (error: null, payload: object) => void,
) => void;

/** Runs before any route is registered. */
export function mountOnFastify(app: FastifyShape, mount: OutletMount, ownRoutes: ReadonlySet<string>): void {
  app.addHook("onRoute", (route) => {
    const below = mount.below(route.url);
    if (below === null) return;
    if (!ownRoutes.has(below)) {
      mount.shared = true;
      return;
    }
    // Fastify's router has no named wildcards.
    if (below === WILDCARD) {
      route.url = route.url.slice(0, -WILDCARD.length).concat("/*");
      route.path = route.url;
    }
    route.errorHandler = (error, request, reply) => mount.refuse(request, reply, error);
    if (!mount.settings.hostBodyParser) route.preParsing = [route.preParsing ?? [], hideBody].flat();
  });

  /**
   * The last thing before Fastify's parser, which leaves alone what looks like a request without a body. A body that
   * another hook has replaced, by decompressing it for instance, can only be read here.
   */
  const hideBody: PreParsing = (request, _reply, payload, done) => {
    if (payload === request.raw) {
      request[HIDDEN] = request.headers;
      request.headers = { ...request.headers, ...NO_BODY };
    }
    done(null, payload);
  };

  app.addHook("preValidation", (request, _reply, done) => {
    const headers = request[HIDDEN];
    if (headers) request.headers = headers;
    done();
  });
}

const NO_BODY: Headers = { "content-type": undefined, "content-length": undefined, "transfer-encoding": undefined };
