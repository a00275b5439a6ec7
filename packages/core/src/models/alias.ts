import type { Principal } from "../access/principal.ts";
import { readDate } from "./dates.ts";
import type { ModelAlias } from "./model-entry.ts";

export interface Alias {
  /** The id it stands for now, for this caller. */
  target(principal: Principal | undefined): string;
  /** Every id it ever stands for. */
  readonly targets: readonly string[];
}

/** @throws TypeError for moves that are out of order */
export function createAlias(id: string, { alias, pins = {} }: ModelAlias): Alias {
  const moves = typeof alias === "string" ? [{ model: alias }] : alias;
  const steps = moves.map((move, index) => {
    const option = `models["${id}"].alias[${index}].from`;
    if (index > 0 && move.from === undefined) throw new TypeError(`${option} is missing`);
    return { model: move.model, from: move.from === undefined ? 0 : readDate(move.from, option) };
  });
  const [first] = steps;
  if (!first) throw new TypeError(`models["${id}"].alias is empty`);
  if (steps.some(({ from }, index) => index > 0 && from <= (steps[index - 1] as typeof first).from)) {
    throw new TypeError(`models["${id}"].alias is not in the order of its dates`);
  }
  return {
    targets: [...steps.map(({ model }) => model), ...Object.values(pins)],
    target(principal) {
      const project = principal?.project;
      if (project !== undefined && Object.hasOwn(pins, project)) return pins[project] as string;
      if (steps.length === 1) return first.model;
      const now = Date.now();
      return (steps.findLast(({ from }) => from <= now) ?? first).model;
    },
  };
}
