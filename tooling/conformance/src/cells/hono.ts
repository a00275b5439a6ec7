import { setImmediate } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { outlet, outletGuard } from "@outlet/hono";
import { answerOwnRoute, OWN_ROUTE } from "@outlet/testing";
import { Hono, type MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { logger } from "hono/logger";
import { secureHeaders } from "hono/secure-headers";
import type { TableCell } from "../cells.ts";
import { HONO_READER_GAPS } from "./gaps.ts";
import { hostAuthenticate } from "./host-authenticate.ts";
import { listen } from "./listen.ts";

const FRONT = {
  compress: () => compress({ threshold: 0 }),
  cors: () => cors(),
  secureHeaders: () => secureHeaders(),
  etag: () => etag(),
  logger: () => logger(() => {}),
  session: () => session,
  "c.req.json": () => readsBody,
} satisfies Record<string, () => MiddlewareHandler>;

type Front = keyof typeof FRONT;

interface Setting {
  base?: string;
  front?: readonly Front[];
  raw?: boolean;
}

const BASES = ["", "/api"] as const;
const READERS: readonly (readonly Front[])[] = [[], ["c.req.json"], ["compress"], ["c.req.json", "compress"]];
const QUIET: readonly Front[] = ["cors", "secureHeaders", "etag", "logger", "session"];
const ALL: readonly Front[] = [...QUIET, "compress", "c.req.json"];

export const honoCells: readonly TableCell[] = [
  ...BASES.flatMap((base) => READERS.map((front) => cell({ base, front }))),
  cell({ raw: false }),
  cell({ front: ["compress"], raw: false }),
  cell({ front: QUIET }),
  cell({ front: QUIET.toReversed() }),
  cell({ base: "/api", front: ALL }),
  cell({ base: "/api", front: ALL.toReversed(), raw: false }),
];

function cell({ base = "", front = [], raw = true }: Setting): TableCell {
  const name = ["Hono on Node", `${base}/v1`, ...(raw ? [] : ["raw: false"])];
  if (front.length > 0) name.push(`after ${front.map((one) => `${one}()`).join(", ")}`);
  return {
    name: name.join(" · "),
    variant: base !== "" || front.length > 0 || !raw,
    ...(front.includes("c.req.json") && { gaps: HONO_READER_GAPS }),
    async mount(options) {
      const api = outlet({
        ...options,
        raw,
        authenticate: (c) => hostAuthenticate(options, (header) => c.req.header(header)),
      });
      const app = new Hono().basePath(base);
      for (const one of front) app.use(FRONT[one]());
      app.post("/own/route", outletGuard(api, { meter: OWN_ROUTE }), (c) => c.json(answerOwnRoute(c.var.outlet)));
      app.route("/v1", api);
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
      return listen(listener, () => api.outlet.close({ graceMs: 0 }), {
        path: `${base}/v1`,
        ownRoute: `${base}/own/route`,
      });
    },
  };
}

/** Looks at the body, whatever it is, before the outlet does. */
const readsBody: MiddlewareHandler = async (c, next) => {
  await c.req.json().catch(() => {});
  await next();
};

/** The host's own, which looks something up before it lets a request pass. */
const session: MiddlewareHandler = async (_c, next) => {
  await setImmediate();
  await next();
};
