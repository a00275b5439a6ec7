import { type LedgerEntry, subjectsOf } from "@outlet/core";
import { restored, stored } from "../text.ts";
import { stateOf } from "./budgets.ts";
import type { BudgetCell } from "./group.ts";
import type { BudgetsTable } from "./tables.ts";

const MOST_SPENDERS = 50_000;

/** What a key's calls fall under, as long as they are of one organization and project, which nearly all keys' are. */
interface Spending {
  readonly organization: string | null;
  readonly project: string | null;
  readonly cells: readonly BudgetCell[];
}

/** Budgets in memory, by who spends them: as they are in the database, until somebody else may have changed it. */
export function createKnownBudgets(read: (subject: string) => readonly BudgetsTable[]) {
  const byId = new Map<string, BudgetCell>();
  const bySubject = new Map<string, readonly BudgetCell[]>();
  const byApiKey = new Map<string, Spending>();

  function ofSubject(subject: string): readonly BudgetCell[] {
    const known = bySubject.get(subject);
    if (known) return known;
    const cells = read(stored(subject)).map((row) => {
      const id = restored(row.id);
      const cell = byId.get(id) ?? { state: stateOf(row), changed: false };
      byId.set(id, cell);
      return cell;
    });
    bySubject.set(subject, cells);
    return cells;
  }

  return {
    /** In the order of their ids. */
    of(entry: LedgerEntry): readonly BudgetCell[] {
      const { organization, project, apiKey } = entry;
      const known = byApiKey.get(apiKey);
      if (known && known.organization === organization && known.project === project) return known.cells;
      const cells = subjectsOf(entry).flatMap(ofSubject);
      cells.sort((a, b) => (a.state.id < b.state.id ? -1 : 1));
      byApiKey.set(apiKey, { organization, project, cells });
      return cells;
    },
    /** Those that have been changed since this was asked last. */
    *changed(): Iterable<BudgetCell> {
      for (const cell of byId.values()) {
        if (!cell.changed) continue;
        cell.changed = false;
        yield cell;
      }
    },
    /** Between two transactions: what has been forgotten is not saved. */
    makeRoom(): void {
      if (byApiKey.size > MOST_SPENDERS) this.clear();
    },
    clear(): void {
      byId.clear();
      bySubject.clear();
      byApiKey.clear();
    },
  };
}
