import { methodNotAllowed, unknownUrl } from "../errors/catalogue.ts";
import type { Exchange } from "../http/exchange.ts";
import { createRouter, type RouteMatch, type Router } from "../http/router.ts";
import type { Operation } from "../operation.ts";

/** Outlets answer with and without the version segment, so a mount at `/`, `/v1` or `/openai` all work. */
export function operationRouter(operations: readonly Operation[]): Router<Operation> {
  return createRouter(operations, "/v1");
}

/** @throws ApiError 404 `unknown_url`, 405 `method_not_supported` */
export function matchOperation(router: Router<Operation>, exchange: Exchange): RouteMatch<Operation> {
  const match = router.match(exchange.method, exchange.path);
  if (match === null) throw unknownUrl(exchange.method, exchange.originalPath);
  if ("route" in match) return match;
  throw methodNotAllowed(match);
}
