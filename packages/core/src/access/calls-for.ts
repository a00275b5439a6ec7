import type { Exchange, Reply } from "../http/exchange.ts";
import type { Authenticate } from "./access.ts";
import type { Principal } from "./principal.ts";

interface Handler {
  handle(exchange: Exchange, who: Authenticate): Promise<Reply>;
}

/** Handles calls made on behalf of whoever sent `host`: `who` is asked once, at the first call; all are cancelled when they leave. */
export function callsFor(host: Exchange, who: Authenticate, pipeline: Handler): (exchange: Exchange) => Promise<Reply> {
  let principal: Promise<Principal> | undefined;
  const askedOnce = async () => {
    principal ??= Promise.resolve(who(host));
    return principal;
  };
  return (exchange) => {
    if (host.signal.aborted) exchange.cancel();
    else host.signal.addEventListener("abort", () => exchange.cancel(), { once: true });
    return pipeline.handle(exchange, askedOnce);
  };
}
