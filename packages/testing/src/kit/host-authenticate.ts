import type { Exchange, OutletOptions, Principal } from "@outlet/core";

/**
 * The kit's `authenticate` for an adapter whose own one sees the framework's request: it reads nothing but headers.
 * `header` gives the value of a lower-case name.
 *
 * ```ts
 * outlet({ ...options, authenticate: (c) => hostAuthenticate(options, (name) => c.req.header(name)) });
 * ```
 */
export function hostAuthenticate(
  { authenticate }: Pick<OutletOptions, "authenticate">,
  header: (name: string) => string | undefined,
): Principal | null | undefined | Promise<Principal | null | undefined> {
  return authenticate?.({ header } satisfies Pick<Exchange, "header"> as Exchange);
}
