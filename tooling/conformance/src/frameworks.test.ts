import { coreCells } from "./cells/core.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";
import { runtimeCells } from "./cells/runtimes.ts";
import { checkCells } from "./check-cells.ts";

// Those that wait most begin first.
checkCells([...runtimeCells.toReversed(), ...coreCells, ...honoCells, ...nestCells]);
