import type { Cell } from "@outlet/testing";

/** What `express.json()` has done to a body before Outlet sees it cannot be undone. */
export const EXPRESS_JSON_GAPS: Cell["gaps"] = {
  "errors.json.utf8": "`express.json()` decodes the body first, and turns invalid UTF-8 into replacement characters.",
  "limits.body.announced": "`express.json()` reads a body that is too large to its end before it reports it.",
};

/** What `c.req.json()` in front has done to a body. */
export const HONO_READER_GAPS: Cell["gaps"] = {
  "errors.json.utf8": "`c.req.json()` decodes the body first, and turns invalid UTF-8 into replacement characters.",
  "errors.json.byte-order-mark": "`c.req.json()` takes a byte order mark off, and the outlet the second one.",
  "limits.body.announced": "`c.req.json()` waits for the whole body before the outlet sees how long it is to be.",
};

export const BUN_GAPS: Cell["gaps"] = {
  "limits.body.announced":
    "Bun refuses a length over a limit of its own, `maxRequestBodySize`, before any handler: a 413 without a body.",
};

export const FASTIFY_GAPS: Cell["gaps"] = {
  "errors.url.undecodable":
    "Fastify answers a path that it cannot decode before any route, in its own words; `frameworkErrors` in the options of `FastifyAdapter` changes them.",
};

export const FASTIFY_PARSER_GAPS: Cell["gaps"] = {
  ...FASTIFY_GAPS,
  "errors.json.utf8": "Fastify's parser decodes the body first, and turns invalid UTF-8 into replacement characters.",
  "errors.json.empty":
    "Fastify's parser refuses an empty body itself: a 400 in the envelope, without the parameter's name.",
  "errors.content-encoding": "Fastify's parser does not look at `content-encoding`.",
};

const FILTERED =
  "A filter of the host's for every exception answers what the guard of one of its own routes refuses, too.";

export const NEST_FILTER_GAPS: Cell["gaps"] = { "own-routes.strangers": FILTERED, "own-routes.limits": FILTERED };
