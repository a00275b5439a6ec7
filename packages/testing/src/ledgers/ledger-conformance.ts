import type { Ledger } from "@outlet/core";
import { type Checked, checkOnDatabase, type OwnDatabase } from "../kit/check-database.ts";
import type { LedgerRequirement } from "./ledger-requirement.ts";
import { ledgerRequirements } from "./ledger-requirements.ts";

/** One kind of ledger, as the kit gets hold of it. */
export interface LedgerCell {
  readonly name: string;
  /** Makes an empty database that nothing else uses; the kit asks for one for each requirement. */
  readonly create: () => Promise<LedgerDatabase>;
}

export type LedgerDatabase = OwnDatabase<Ledger>;

/** How one requirement went in one kind of ledger. */
export interface LedgerResult extends Checked {
  readonly requirement: LedgerRequirement;
  readonly cell: string;
}

/** Checks one requirement on a database of its own. Rejects only when that cannot be made, opened, closed or dropped. */
export async function checkLedger(cell: LedgerCell, requirement: LedgerRequirement): Promise<LedgerResult> {
  const checked = await checkOnDatabase(cell.create, requirement, (ledger, open) => requirement.run({ ledger, open }));
  return { requirement, cell: cell.name, ...checked };
}

/** Checks every requirement in one kind of ledger, one after the other. */
export async function runLedgerConformance(cell: LedgerCell): Promise<LedgerResult[]> {
  const results: LedgerResult[] = [];
  for (const requirement of ledgerRequirements) results.push(await checkLedger(cell, requirement));
  return results;
}
