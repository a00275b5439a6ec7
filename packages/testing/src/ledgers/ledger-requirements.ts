import type { LedgerRequirement } from "./ledger-requirement.ts";
import { budgetRequirements } from "./requirements/budgets.ts";
import { entryRequirements } from "./requirements/entries.ts";
import { sharedLedgerRequirements } from "./requirements/shared.ts";
import { usageRequirements } from "./requirements/usage.ts";

/** Everything that core counts on in a ledger, topic by topic. */
export const ledgerRequirements: readonly LedgerRequirement[] = [
  ...entryRequirements,
  ...budgetRequirements,
  ...usageRequirements,
  ...sharedLedgerRequirements,
];
