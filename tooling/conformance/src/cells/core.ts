import { createOutlet } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import type { Cell } from "@outlet/testing";
import { listen } from "./listen.ts";

export const coreCells: readonly Cell[] = [
  {
    name: "core in process",
    async mount(options) {
      const outlet = createOutlet(options);
      return { baseURL: "http://outlet/v1", fetch: outlet.fetch, close: () => outlet.close({ graceMs: 0 }) };
    },
  },
  {
    name: "core on node:http",
    async mount(options) {
      const outlet = createOutlet(options);
      return listen(nodeListener(outlet), () => outlet.close({ graceMs: 0 }));
    },
  },
];
