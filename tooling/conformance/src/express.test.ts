import { expressCells } from "./cells/express.ts";
import { checkCells } from "./check-cells.ts";

checkCells(expressCells);
