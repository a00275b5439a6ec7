import { type LedgerEntry, subjectsOf } from "@outlet/core";
import { restored, stored } from "../text.ts";
import { stateOf } from "./budgets.ts";
import type { BudgetCell } from "./group.ts";
import type { BudgetsTable } from "./tables.ts";

const MOST_SPENDERS = 50_000;

/** Budgets in memory, by who spends them: as they are in the database, until somebody else may have changed it. */
export function createKnownBudgets(read: (subject: string) => readonly BudgetsTable[]) {
  const byId = new Map<string, BudgetCell>();
  const bySubject = new Map<string, readonly BudgetCell[]>();
  const bySpender = new Map<string, readonly BudgetCell[]>();

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
      const name = `${organization?.length} ${project?.length} ${organization}${project}${apiKey}`;
      const known = bySpender.get(name);
      if (known) return known;
      const cells = subjectsOf(entry).flatMap(ofSubject);
      cells.sort((a, b) => (a.state.id < b.state.id ? -1 : 1));
      bySpender.set(name, cells);
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
      if (bySpender.size > MOST_SPENDERS) this.clear();
    },
    clear(): void {
      byId.clear();
      bySubject.clear();
      bySpender.clear();
    },
  };
}
