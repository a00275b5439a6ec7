import type { Call } from "../../../call.ts";
import { invalidRequest } from "../../../errors/catalogue.ts";
import { zeroRetentionParameter } from "../../../errors/retention.ts";
import type { ResponseRequest } from "../responses.schema.ts";

/** 400s for what cannot be had of work that outlives its request. */
export function refuseBackground({ body, zeroRetention }: Pick<Call<ResponseRequest>, "body" | "zeroRetention">): void {
  const { store, tools = [] } = body;
  if (zeroRetention) throw zeroRetentionParameter("background");
  if (store === false) {
    throw invalidRequest(
      "Background responses are kept while they are made: 'background' requires 'store' to be true.",
      "store",
    );
  }
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== "mcp") continue;
    // The request waits in the store, where no secrets are written.
    for (const name of ["authorization", "headers"] as const) {
      if (tool[name] == null) continue;
      const param = `tools[${index}].${name}`;
      throw invalidRequest(
        `'${param}' is not supported together with 'background': secrets are not stored.`,
        param,
        "unsupported_value",
      );
    }
  }
}
