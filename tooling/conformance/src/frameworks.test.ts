import { coreCells } from "./cells/core.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";
import { checkCells } from "./check-cells.ts";

checkCells([...coreCells, ...honoCells, ...nestCells]);
