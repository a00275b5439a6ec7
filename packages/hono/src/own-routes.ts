import type { Operation } from "@outlet/core";

interface Route {
  readonly method: string;
  readonly path: string;
}

/**
 * The operations' routes as Hono writes them: `/models/:model`. Some are left to the route that takes all the rest, which
 * answers them just as well: where a parameter stands in the place of another route's fixed name
 * (`/responses/:id` beside `/responses/input_tokens`), or may hold slashes, Hono's fast router hands all routes of the
 * app over to the slow one.
 */
export function ownRoutes(operations: readonly Operation[]): Route[] {
  const paths = operations.map(({ path }) => path.split("/"));
  return operations
    .filter((_, i) => !paths.some((other) => isBesideName(paths[i] as string[], other)))
    .map(({ method, path }) => ({ method, path: path.replaceAll(/\{(\w+)\}/g, ":$1") }));
}

/** True when the first segment in which the two differ is a parameter here and a name there. */
function isBesideName(path: readonly string[], other: readonly string[]): boolean {
  const at = path.findIndex((segment, i) => segment !== other[i]);
  const name = other[at];
  return name !== undefined && path[at]?.startsWith("{") === true && !name.startsWith("{");
}
