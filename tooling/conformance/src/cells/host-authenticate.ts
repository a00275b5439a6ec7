import type { Exchange, OutletOptions } from "@outlet/core";

/** The kit's `authenticate`, which reads nothing but headers, over a framework's own request. */
export function hostAuthenticate(options: OutletOptions, header: (name: string) => string | undefined) {
  return options.authenticate?.({ header } satisfies Pick<Exchange, "header"> as Exchange);
}
