import { createServer } from "node:http";
import { createOutlet } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { port } from "./environment.ts";
import { outletOptions } from "./outlet-options.ts";

createServer(nodeListener(createOutlet(outletOptions))).listen(port, "127.0.0.1");
