import type { ApplicationConfig } from "@nestjs/core";

/** `"v1/"` → `"/v1"`; the root is the empty string. */
export function normalizePath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

/**
 * The paths a mount answers at: below the global prefix and, where routes are excluded from it, without it.
 * The controller is version-neutral, so versioning adds nothing.
 */
export function mountPrefixes(config: ApplicationConfig, path: string): readonly string[] {
  const prefix = normalizePath(config.getGlobalPrefix());
  if (prefix === "") return [path];
  const hasExclusions = (config.getGlobalPrefixOptions().exclude?.length ?? 0) > 0;
  return hasExclusions ? [prefix + path, path] : [prefix + path];
}

/** The part of a URL below the first prefix it lies under, query included; null when it lies under none. */
export function belowPrefixes(prefixes: readonly string[], url: string): string | null {
  for (const prefix of prefixes) {
    if (!url.startsWith(prefix)) continue;
    const rest = url.slice(prefix.length);
    if (rest === "" || rest.startsWith("?")) return `/${rest}`;
    if (rest.startsWith("/")) return rest;
  }
  return null;
}
