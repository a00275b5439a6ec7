import { modelRetired } from "../errors/catalogue.ts";
import { readDate } from "./dates.ts";
import type { ModelDeprecation } from "./model-entry.ts";

/** A model's announced end. */
export interface Lifecycle {
  /** Unix milliseconds. */
  readonly announced: number;
  readonly shutdown: number;
  readonly successor: string | null;
}

/** @throws TypeError for dates that are none */
export function readLifecycle(id: string, deprecation: ModelDeprecation | undefined): Lifecycle | null {
  if (!deprecation) return null;
  const { announced, shutdown, successor = null } = deprecation;
  const option = `models["${id}"].deprecation`;
  const lifecycle = {
    announced: readDate(announced, `${option}.announced`),
    shutdown: readDate(shutdown, `${option}.shutdown`),
    successor,
  };
  if (lifecycle.shutdown < lifecycle.announced) throw new TypeError(`${option} ends before it is announced`);
  return lifecycle;
}

export function isRetired(lifecycle: Lifecycle | null, now: number): boolean {
  return lifecycle !== null && now >= lifecycle.shutdown;
}

export function isAnnounced(lifecycle: Lifecycle | null, now: number): lifecycle is Lifecycle {
  return lifecycle !== null && now >= lifecycle.announced;
}

/** @throws ApiError 404 that names the successor */
export function refuseRetired(id: string, lifecycle: Lifecycle | null, now: number): void {
  if (lifecycle && isRetired(lifecycle, now)) throw modelRetired(id, day(lifecycle.shutdown), lifecycle.successor);
}

/** RFC 9745 and RFC 8594: since when it is deprecated, and when it stops to answer. */
export function lifecycleHeaders({ announced, shutdown, successor }: Lifecycle): Record<string, string> {
  return {
    deprecation: `@${Math.floor(announced / 1000)}`,
    sunset: new Date(shutdown).toUTCString(),
    ...(successor !== null && { "outlet-successor-model": encodeURIComponent(successor) }),
  };
}

export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
