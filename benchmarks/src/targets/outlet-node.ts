import { createServer } from "node:http";
import { createOutlet } from "@outlet/core";
import { nodeListener } from "@outlet/core/node";
import { benchOptions } from "../outlet-options.ts";
import { serve } from "../serve.ts";

serve(createServer(nodeListener(createOutlet(benchOptions))));
