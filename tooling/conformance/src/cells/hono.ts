import { getRequestListener } from "@hono/node-server";
import { outlet } from "@outlet/hono";
import type { Cell } from "@outlet/testing";
import { Hono } from "hono";
import { hostAuthenticate } from "./host-authenticate.ts";
import { listen } from "./listen.ts";

export const honoCells: readonly Cell[] = [
  {
    name: "Hono on Node",
    async mount(options) {
      const api = outlet({
        ...options,
        authenticate: (c) => hostAuthenticate(options, (header) => c.req.header(header)),
      });
      const app = new Hono().route("/v1", api);
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
      return listen(listener, () => api.outlet.close({ graceMs: 0 }));
    },
  },
];
