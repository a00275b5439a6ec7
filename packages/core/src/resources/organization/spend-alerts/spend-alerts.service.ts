import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { invalidRequest, objectNotFound } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { newId } from "../../../ids.ts";
import { type PageQuery, pageOf } from "../../../pipeline/page.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { askLedger, type SpendPlace, spendPlace } from "../spend-place.ts";
import { type AlertBudget, alertBudget, alertsOf, MAX_ALERTS, spendAlert } from "./alert-budgets.ts";
import { notificationChannel, type SpendAlertRequest, spendAlertRequest } from "./spend-alerts.schema.ts";
import type { SpendAlertDeleted } from "./spend-alerts.types.ts";

export async function listSpendAlerts(call: Call<unknown, PageQuery>): Promise<Reply> {
  const place = await spendPlace(call, { changes: false });
  const alerts = (await readAlerts(call, place)).map((budget) => spendAlert(place, budget));
  return jsonReply(pageOf(alerts, call.query, "asc"));
}

export async function createSpendAlert(call: Call<SpendAlertRequest>): Promise<Reply> {
  refuseUnknownParameters(call.body);
  const place = await spendPlace(call, { changes: true });
  const others = await readAlerts(call, place);
  if (others.length >= MAX_ALERTS) {
    throw invalidRequest(`There are ${MAX_ALERTS} spend alerts already, which is the most: delete one first.`);
  }
  // Alerts that are made within a millisecond have an order too.
  const createdAt = Math.max(Date.now(), (others.at(-1)?.notify.createdAt ?? 0) + 1);
  return save(call, place, alertBudget(place, newId("alert_"), call.body, createdAt));
}

export async function retrieveSpendAlert(call: Call): Promise<Reply> {
  const place = await spendPlace(call, { changes: false });
  return jsonReply(spendAlert(place, await findAlert(call, place)));
}

export async function updateSpendAlert(call: Call<SpendAlertRequest>): Promise<Reply> {
  refuseUnknownParameters(call.body);
  const place = await spendPlace(call, { changes: true });
  const { id, notify } = await findAlert(call, place);
  return save(call, place, alertBudget(place, id, call.body, notify.createdAt));
}

export async function deleteSpendAlert(call: Call): Promise<Reply> {
  const place = await spendPlace(call, { changes: true });
  const { id } = await findAlert(call, place);
  await place.log({ spend_alert: { id, deleted: true } });
  await askLedger(call, (ledger) => ledger.deleteBudget(id));
  const reply: SpendAlertDeleted<SpendPlace["kind"]> = {
    id,
    object: `${place.kind}.spend_alert.deleted`,
    deleted: true,
  };
  return jsonReply(reply);
}

function refuseUnknownParameters(body: SpendAlertRequest): void {
  refuseUnknown(body, spendAlertRequest.shape);
  refuseUnknown(body.notification_channel, notificationChannel.shape, "notification_channel.");
}

async function save(call: Call, place: SpendPlace, budget: AlertBudget): Promise<Reply> {
  const alert = spendAlert(place, budget);
  await place.log({ spend_alert: alert });
  await askLedger(call, (ledger) => ledger.setBudget(budget));
  return jsonReply(alert);
}

function readAlerts(call: Call, place: SpendPlace): Promise<AlertBudget[]> {
  return askLedger(call, (ledger) => alertsOf(ledger, place));
}

async function findAlert(call: Call, place: SpendPlace): Promise<AlertBudget> {
  const id = call.params.alert_id ?? "";
  const found = (await readAlerts(call, place)).find((budget) => budget.id === id);
  if (!found) throw objectNotFound("Spend alert", id);
  return found;
}
