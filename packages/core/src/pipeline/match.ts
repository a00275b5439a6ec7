import { methodNotAllowed, unknownUrl } from "../errors/catalogue.ts";
import type { RouteMatch, Router } from "../http/router.ts";
import type { Operation } from "../operation.ts";

const VERSION = "/v1";

/** Outlets answer with and without the version segment, so a mount at `/`, `/v1` or `/openai` all work. */
export function operationPath(path: string): string {
  if (path === VERSION || path.startsWith(`${VERSION}/`)) return path.slice(VERSION.length) || "/";
  return path;
}

/** @throws ApiError 404 `unknown_url`, 405 `method_not_supported` */
export function matchOperation(
  router: Router<Operation>,
  method: string,
  path: string,
  originalPath: string,
): RouteMatch<Operation> {
  const match = router.match(method, operationPath(path));
  if (match === null) throw unknownUrl(method, originalPath);
  if ("route" in match) return match;
  throw methodNotAllowed(match);
}
