import type { Cell } from "@outlet/testing";
import { coreCells } from "./cells/core.ts";
import { expressCells } from "./cells/express.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";

/** A cell that may need something that a machine does not have. */
export interface TableCell extends Cell {
  /** Why the cell cannot run on this machine; nothing when it can. */
  missing?(): string | undefined;
}

/** Every way to serve an outlet that this repository offers. */
export const groups: Readonly<Record<string, readonly TableCell[]>> = {
  Core: coreCells,
  Express: expressCells,
  Hono: honoCells,
  Nest: nestCells,
};
