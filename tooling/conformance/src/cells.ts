import type { Cell } from "@outlet/testing";
import { coreCells } from "./cells/core.ts";
import { expressCells } from "./cells/express.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";

/** Every way to serve an outlet that this repository offers. */
export const cells: readonly Cell[] = [...coreCells, ...expressCells, ...honoCells, ...nestCells];
