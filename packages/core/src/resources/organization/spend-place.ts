import type { Call } from "../../call.ts";
import { ledgerUnavailable, noLedger } from "../../errors/catalogue.ts";
import { adminOf } from "../../identity/admin.ts";
import { findActiveProject, findProject } from "../../identity/projects.ts";
import type { BudgetScope } from "../../ledger/budget.ts";
import type { Ledger } from "../../ledger/ledger.ts";

/** Whose spending an admin call is about: the organization's, or that of the project that its path names. */
export interface SpendPlace {
  readonly kind: "organization" | "project";
  readonly scope: BudgetScope;
  /** Writes down what is about to be changed, before it is: nothing changes unlogged. */
  log(change: Readonly<Record<string, unknown>>): Promise<void>;
}

/** @throws ApiError 404 where nobody keeps a ledger, or there is no such project; 400 for an archived one that is to be changed */
export async function spendPlace(call: Call, { changes }: { changes: boolean }): Promise<SpendPlace> {
  if (!call.services.accounts) throw noLedger();
  const { store, organization, commit } = adminOf(call);
  const id = call.params.project_id;
  const find = changes ? findActiveProject : findProject;
  const project = id === undefined ? null : await find(store, organization, id);
  const place = project && { id: project.id, name: project.data.name };
  return {
    kind: project ? "project" : "organization",
    scope: project ? { project: project.id, organization } : { organization },
    log: (change) =>
      commit(async () => {
        const details = { changes_requested: change };
        const event = place
          ? ({ type: "project.updated", resource: place.id, project: place, details } as const)
          : ({ type: "organization.updated", resource: organization, details } as const);
        return { changes: [], events: [event], result: undefined };
      }),
  };
}

/** Asks the ledger. @throws ApiError 503 when it cannot be reached */
export async function askLedger<Result>(call: Call, ask: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const { accounts } = call.services;
  if (!accounts) throw noLedger();
  try {
    return await ask(accounts.ledger);
  } catch (cause) {
    throw ledgerUnavailable(cause);
  }
}
