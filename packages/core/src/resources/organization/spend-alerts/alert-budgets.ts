import { type AlertNotice, type Budget, subjectOf } from "../../../ledger/budget.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { EVERY_MONTH, fromCents, inCents } from "../spend-amount.ts";
import type { SpendPlace } from "../spend-place.ts";
import type { SpendAlertRequest } from "./spend-alerts.schema.ts";
import type { SpendAlertObject } from "./spend-alerts.types.ts";

// A spend alert is a soft budget of a month in the ledger, which has one amount to tell of, and whom to tell.

/** Each is counted up by every call of its organization or project. */
export const MAX_ALERTS = 20;
const PREFIX = "alert_";

export type AlertBudget = Budget & { readonly notify: AlertNotice };

export function alertBudget(
  { scope }: SpendPlace,
  id: string,
  { threshold_amount, notification_channel: { recipients, subject_prefix = null } }: SpendAlertRequest,
  createdAt: number,
): AlertBudget {
  const amount = fromCents(threshold_amount);
  return {
    id,
    scope,
    amount,
    period: "month",
    hard: false,
    // Nothing is passed as soon as anything is spent.
    alerts: [Math.max(amount, 1)],
    notify: { recipients, subjectPrefix: subject_prefix, createdAt },
  };
}

/** Those that were made through the API, the oldest first; a host's own budgets are not among them. */
export async function alertsOf(ledger: Ledger, { scope }: SpendPlace): Promise<AlertBudget[]> {
  const budgets = await ledger.budgets({ subject: subjectOf(scope) });
  const alerts = budgets.filter((budget): budget is typeof budget & AlertBudget => isAlert(budget));
  return alerts.sort((a, b) => a.notify.createdAt - b.notify.createdAt || (a.id < b.id ? -1 : 1));
}

function isAlert({ id, notify }: Budget): boolean {
  return notify !== undefined && id.startsWith(PREFIX);
}

export function spendAlert(
  { kind }: SpendPlace,
  { id, amount, notify }: AlertBudget,
): SpendAlertObject<SpendPlace["kind"]> {
  return {
    id,
    object: `${kind}.spend_alert`,
    threshold_amount: inCents(amount),
    ...EVERY_MONTH,
    notification_channel: {
      type: "email",
      recipients: [...notify.recipients],
      subject_prefix: notify.subjectPrefix,
    },
  };
}
