import type { Receipt } from "../call.ts";

/** What a request asks for with `service_tier`. */
export function tierOf(request: unknown): string | null {
  return (request as { service_tier?: string | null }).service_tier ?? null;
}

/** What has answered, as a reply's `service_tier` tells it: `scale` is capacity that is reserved. */
export function usedTier({ instance }: Pick<Receipt, "instance">): "scale" | "default" {
  return instance === null ? "default" : "scale";
}

/** The same request for an engine that is reserved: the tier has said how to come to it, and means nothing there. */
export function withoutTier<Request extends object>(
  request: Request,
  { instance }: Pick<Receipt, "instance">,
): Request {
  if (instance === null || !("service_tier" in request)) return request;
  const { service_tier: _, ...left } = request;
  return left as Request;
}
