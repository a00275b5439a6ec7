/** A route's method and path; path parameters in braces: `/models/{model}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

export interface RouteMatch<R extends Route> {
  readonly route: R;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router<R extends Route> {
  /** `null`: no such path. A list: the path exists, with these methods only. */
  match(method: string, path: string): RouteMatch<R> | readonly string[] | null;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Every path is matched with and without `prefix` in front. Exact paths are one map look-up, of the path as it came: a part cut from
 * it would have to be hashed and compared anew for every request. Paths with parameters are tried from the longest to the shortest. A last parameter takes
 * the rest of the path, slashes included, when nothing more specific matches: model ids contain them.
 */
export function createRouter<R extends Route>(routes: readonly R[], prefix = ""): Router<R> {
  const exact = new Map<string, Map<string, R>>();
  const patterns: { pattern: RegExp; methods: Map<string, R> }[] = [];
  for (const route of routes) {
    const parametric = route.path.includes("{");
    let methods = parametric
      ? patterns.find(({ pattern }) => pattern.source === patternOf(route.path).source)?.methods
      : exact.get(route.path);
    if (!methods) {
      methods = new Map();
      if (parametric) patterns.push({ pattern: patternOf(route.path), methods });
      else {
        exact.set(route.path, methods);
        exact.set(prefix + route.path, methods);
      }
    }
    methods.set(route.method, route);
  }
  patterns.sort((a, b) => segments(b.pattern) - segments(a.pattern));

  return {
    match(method, path) {
      const methods = exact.get(path);
      if (methods) return pick(methods, method, NO_PARAMS);
      const rest = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
      for (const { pattern, methods } of patterns) {
        const found = pattern.exec(rest);
        if (!found) continue;
        const params = decodeParams(found.groups ?? {});
        return params && pick(methods, method, params);
      }
      return null;
    },
  };
}

function pick<R extends Route>(methods: Map<string, R>, method: string, params: Readonly<Record<string, string>>) {
  const route = methods.get(method);
  return route ? { route, params } : [...methods.keys()];
}

function patternOf(path: string): RegExp {
  const open = path.replace(/\{(\w+)\}$/, "(?<$1>.+)");
  return new RegExp(`^${open.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function segments(pattern: RegExp): number {
  return pattern.source.split("\\/").length;
}

function decodeParams(groups: Record<string, string>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return null;
  }
}
