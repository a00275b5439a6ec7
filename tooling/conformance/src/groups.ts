import { coreCells } from "./cells/core.ts";
import { expressCells } from "./cells/express.ts";
import { honoCells } from "./cells/hono.ts";
import { nestCells } from "./cells/nest.ts";
import { runtimeCells } from "./cells/runtimes.ts";
import type { TableCell } from "./cells.ts";

export interface Group {
  readonly name: string;
  /** What all of its cells have in common, in Markdown. */
  readonly about: string;
  readonly cells: readonly TableCell[];
}

/** Every way to serve an outlet that this repository offers. */
export const groups: readonly Group[] = [
  {
    name: "Core",
    about: "`createOutlet()` alone: as a `fetch`, and behind `node:http` ([architecture](architecture.md)).",
    cells: coreCells,
  },
  {
    name: "Express",
    about:
      "Mounted with `app.use()` at the path that is named, behind the middleware that is named, in its order. Clients take compressed replies, and `compression()` compresses small ones, too ([Express](express.md)).",
    cells: expressCells,
  },
  {
    name: "Hono on Node",
    about: "Mounted with `app.route()`, served by `@hono/node-server` ([Hono](hono.md)).",
    cells: honoCells,
  },
  {
    name: "Hono on other runtimes",
    about:
      "The same app, bundled and served by Bun, Deno and workerd in a process of its own. Core, the adapter, keys and limits run there; what the models answer, the host's `authenticate` and what `onSettle` is told cross over to the test's process by HTTP ([Hono](hono.md)).",
    cells: runtimeCells,
  },
  {
    name: "NestJS",
    about: "`OutletModule.forRoot()` in an application with the globals that are named ([NestJS](nestjs.md)).",
    cells: nestCells,
  },
];
