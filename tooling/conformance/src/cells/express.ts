import { type OutletHandler, outlet, outletErrorHandler } from "@outlet/express";
import type { Cell } from "@outlet/testing";
import express5 from "express";
// @ts-expect-error The alias installs Express 4 without types; its API is Express 5's as far as the cells use it.
import express4 from "express4";
import { EXPRESS_JSON_GAPS } from "./gaps.ts";
import { hostAuthenticate } from "./host-authenticate.ts";
import { listen } from "./listen.ts";

type Express = typeof express5;

export const expressCells: readonly Cell[] = [
  cell("Express 4", express4 as Express, false),
  cell("Express 4 after json()", express4 as Express, true),
  cell("Express 5", express5, false),
  cell("Express 5 after json()", express5, true),
];

function cell(name: string, express: Express, afterJson: boolean): Cell {
  return {
    name,
    ...(afterJson && { gaps: EXPRESS_JSON_GAPS }),
    async mount(options) {
      const api: OutletHandler = outlet({
        ...options,
        authenticate: (req) => hostAuthenticate(options, (header) => req.get(header)),
      });
      const app = express();
      if (afterJson) {
        app.use(express.json());
        app.use("/v1", api, outletErrorHandler(api));
      } else app.use("/v1", api);
      return listen(app, () => api.outlet.close({ graceMs: 0 }));
    },
  };
}
