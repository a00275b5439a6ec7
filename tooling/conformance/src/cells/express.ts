import { outlet, outletErrorHandler, outletGuard } from "@outlet/express";
import { answerOwnRoute, OWN_ROUTE } from "@outlet/testing";
import express5, { type Request, type RequestHandler } from "express";
// @ts-expect-error The alias installs Express 4 without types; its API is Express 5's as far as the cells use it.
import express4 from "express4";
import type { TableCell } from "../cells.ts";
import { ALL_MIDDLEWARE, MIDDLEWARE, type Middleware } from "./express-middleware.ts";
import { EXPRESS_JSON_GAPS } from "./gaps.ts";
import { hostAuthenticate } from "./host-authenticate.ts";
import { listen } from "./listen.ts";

type Express = typeof express5;
type Front = Middleware | "json";

interface Setting {
  major: 4 | 5;
  mount: "/" | "/v1" | "/openai";
  /** What runs before the outlet, in this order. */
  front: readonly Front[];
  /** A parser behind the outlet, which never sees its requests. */
  parserBehind?: boolean;
  /** In a router of the app's, at this path. */
  router?: string;
}

const EXPRESS: Record<Setting["major"], Express> = { 4: express4 as Express, 5: express5 };
const MAJORS = [4, 5] as const;
const MOUNTS = ["/v1", "/", "/openai"] as const;

const AROUND: readonly Pick<Setting, "front" | "parserBehind">[] = [
  { front: [], parserBehind: true },
  { front: ["json"] },
  { front: ALL_MIDDLEWARE },
  // The other way round, behind the parser.
  { front: ["json", ...ALL_MIDDLEWARE.toReversed()] },
];

export const expressCells: readonly TableCell[] = [
  ...MAJORS.flatMap((major) => MOUNTS.flatMap((mount) => AROUND.map((around) => cell({ major, mount, ...around })))),
  ...MAJORS.flatMap((major) => ALL_MIDDLEWARE.map((one) => cell({ major, mount: "/v1", front: [one] }))),
  // The parser last, after everything that changes what the response's methods do.
  cell({ major: 5, mount: "/v1", front: [...ALL_MIDDLEWARE, "json"] }),
  ...MAJORS.map((major) => cell({ major, router: "/api", mount: "/v1", front: [] })),
];

function cell({ major, mount, front, parserBehind = false, router = "" }: Setting): TableCell {
  const parsed = front.includes("json");
  const path = router + mount;
  const name = [`Express ${major}`, path];
  if (router) name.push("in a Router");
  if (parserBehind) name.push("before json()");
  if (front.length > 0) name.push(`after ${front.map(call).join(", ")}`);
  return {
    name: name.join(" · "),
    variant: path !== "/v1" || front.length > 0,
    ...(parsed && { gaps: EXPRESS_JSON_GAPS }),
    async mount(options) {
      const express = EXPRESS[major];
      const app = express();
      const routes = router ? express.Router() : app;
      if (router) app.use(router, routes);
      for (const one of front) routes.use(one === "json" ? express.json() : (MIDDLEWARE[one]() as RequestHandler));
      const api = outlet({
        ...options,
        authenticate: (req) => hostAuthenticate(options, (header) => req.get(header)),
      });
      const guard = outletGuard(api, { meter: OWN_ROUTE });
      routes.post("/own/route", guard, (req: Request, res) => void res.json(answerOwnRoute(req.outlet)));
      routes.use(mount, api);
      if (parsed) routes.use(mount, outletErrorHandler(api));
      if (parserBehind) app.use(express.json());
      const served = { path: path === "/" ? "/v1" : path, ownRoute: `${router}/own/route` };
      return listen(app, () => api.outlet.close({ graceMs: 0 }), served);
    },
  };
}

function call(name: Front): string {
  return `${name}()`;
}
