import type { LedgerEntry } from "@outlet/core";
import type { OpenTable } from "./tables.ts";

/** Which of a row's calls are under way still, by their places. */
export function underWayOf({ under_way }: Pick<OpenTable, "under_way">): boolean[] {
  return Array.from(under_way, (place) => place === "1");
}

/** The same as the row has it. */
export function underWayText(places: readonly boolean[]): string {
  return places.map(Number).join("");
}

/** The calls of a row that are under way still. */
export function entriesUnderWay(row: Pick<OpenTable, "entries" | "under_way">): LedgerEntry[] {
  const places = underWayOf(row);
  return (JSON.parse(row.entries) as LedgerEntry[]).filter((_, at) => places[at]);
}
