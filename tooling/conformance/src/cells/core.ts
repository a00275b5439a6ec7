import { createOutlet } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import type { TableCell } from "../cells.ts";
import { listen } from "./listen.ts";

export const coreCells: readonly TableCell[] = [
  {
    name: "core in process",
    inProcess: true,
    guardless: true,
    async mount(options) {
      const outlet = createOutlet(options);
      return { baseURL: "http://outlet/v1", fetch: outlet.fetch, close: () => outlet.close({ graceMs: 0 }) };
    },
  },
  {
    name: "core on node:http",
    guardless: true,
    async mount(options) {
      const outlet = createOutlet(options);
      return listen(nodeListener(outlet), () => outlet.close({ graceMs: 0 }));
    },
  },
];
