import type { Cell, Requirement, Result } from "@outlet/testing";

/** A cell as this repository's table has it. */
export interface TableCell extends Cell {
  /** Nothing listens for it: what can only be seen on a TCP connection cannot be shown. */
  readonly inProcess?: boolean;
  /** It is no adapter's, so it has no guard for routes of the host's own. */
  readonly guardless?: boolean;
  /** The requirements that are checked in this cell, where it is not all of them, and why. */
  readonly only?: { readonly ids: readonly string[]; readonly reason: string };
  /** Its adapter and runtime have a cell before it, where what the outlet alone decides is checked: here the rest is. */
  readonly variant?: boolean;
  /** Why the cell cannot run on this machine; nothing when it can. */
  missing?(): string | undefined;
}

/** True when the requirement is one of those that are checked in the cell. */
export function checks({ only, variant = false }: TableCell, { id, scope }: Requirement): boolean {
  if (variant && scope === "outlet") return false;
  return !only || only.ids.includes(id);
}

/** How a requirement goes in a cell, as the page says it. */
export function expected(cell: TableCell, requirement: Requirement): Result["outcome"] {
  if (lackingIn(cell, requirement)) return "not-applicable";
  return cell.gaps?.[requirement.id] === undefined ? "passed" : "gap";
}

/** Why there is nothing in the cell to check a requirement on; nothing where there is. */
export function lackingIn({ inProcess = false, guardless = false }: TableCell, { needs = [] }: Requirement) {
  if (inProcess && needs.includes("socket")) return "It can only be seen on a TCP connection.";
  if (guardless && needs.includes("own-route")) return "It is about an adapter's guard for routes of the host's own.";
  return undefined;
}
