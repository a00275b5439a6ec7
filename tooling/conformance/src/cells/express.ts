import { outlet, outletErrorHandler } from "@outlet/express";
import type { Cell } from "@outlet/testing";
import express5, { type RequestHandler } from "express";
// @ts-expect-error The alias installs Express 4 without types; its API is Express 5's as far as the cells use it.
import express4 from "express4";
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
}

const EXPRESS: Record<Setting["major"], Express> = { 4: express4 as Express, 5: express5 };
const MAJORS = [4, 5] as const;
const MOUNTS = ["/v1", "/", "/openai"] as const;

const FRONTS: readonly (readonly Front[])[] = [
  [],
  ["json"],
  ALL_MIDDLEWARE,
  // The other way round, behind the parser.
  ["json", ...ALL_MIDDLEWARE.toReversed()],
];

export const expressCells: readonly Cell[] = [
  ...MAJORS.flatMap((major) => MOUNTS.flatMap((mount) => FRONTS.map((front) => cell({ major, mount, front })))),
  ...ALL_MIDDLEWARE.map((one, i) => cell({ major: i % 2 === 0 ? 4 : 5, mount: "/v1", front: [one] })),
  // The parser last, after everything that changes what the response's methods do.
  cell({ major: 5, mount: "/v1", front: [...ALL_MIDDLEWARE, "json"] }),
];

function cell({ major, mount, front }: Setting): Cell {
  const parsed = front.includes("json");
  const name = [`Express ${major}`, mount, ...(front.length > 0 ? [`after ${front.map(call).join(", ")}`] : [])];
  return {
    name: name.join(" · "),
    ...(parsed && { gaps: EXPRESS_JSON_GAPS }),
    async mount(options) {
      const express = EXPRESS[major];
      const app = express();
      for (const one of front) app.use(one === "json" ? express.json() : (MIDDLEWARE[one]() as RequestHandler));
      const api = outlet({
        ...options,
        authenticate: (req) => hostAuthenticate(options, (header) => req.get(header)),
      });
      app.use(mount, api);
      if (parsed) app.use(mount, outletErrorHandler(api));
      return listen(app, () => api.outlet.close({ graceMs: 0 }), mount === "/" ? "/v1" : mount);
    },
  };
}

function call(name: Front): string {
  return `${name}()`;
}
