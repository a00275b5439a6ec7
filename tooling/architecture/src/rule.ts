import type { Workspace } from "./workspace.ts";

export interface Breach {
  /** `path` or `path:line`. */
  readonly where: string;
  readonly what: string;
}

export interface Rule {
  /** What holds when the rule holds. */
  readonly name: string;
  readonly check: (workspace: Workspace) => readonly Breach[];
}

/** The breaches as lines to read. */
export function report(breaches: readonly Breach[]): string[] {
  return breaches.map(({ where, what }) => `${where}: ${what}`);
}
