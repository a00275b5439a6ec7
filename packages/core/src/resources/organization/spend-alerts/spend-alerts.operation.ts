import { bareOperation, jsonOperation } from "../../../operation.ts";
import { spendAlertListQuery, spendAlertRequest } from "./spend-alerts.schema.ts";
import {
  createSpendAlert,
  deleteSpendAlert,
  listSpendAlerts,
  retrieveSpendAlert,
  updateSpendAlert,
} from "./spend-alerts.service.ts";

const PATH = "/organization/spend_alerts";
const reference = "https://platform.openai.com/docs/api-reference/administration";
const body = { schema: spendAlertRequest, maxBytes: 64 * 1024 };
const alerts = { path: PATH, reference, auth: "admin", streams: false } as const;
const alert = { ...alerts, path: `${PATH}/{alert_id}` } as const;

export const listOrganizationSpendAlertsOperation = bareOperation({
  ...alerts,
  id: "list-organization-spend-alerts",
  method: "GET",
  summary: "Lists the organization's spend alerts, oldest first.",
  query: spendAlertListQuery,
  run: listSpendAlerts,
});

export const createOrganizationSpendAlertOperation = jsonOperation({
  ...alerts,
  id: "create-organization-spend-alert",
  method: "POST",
  summary: "Has somebody told when the organization has spent so much in a month.",
  body,
  run: createSpendAlert,
});

export const retrieveOrganizationSpendAlertOperation = bareOperation({
  ...alert,
  id: "retrieve-organization-spend-alert",
  method: "GET",
  summary: "Retrieves a spend alert of the organization.",
  run: retrieveSpendAlert,
});

export const updateOrganizationSpendAlertOperation = jsonOperation({
  ...alert,
  id: "update-organization-spend-alert",
  method: "POST",
  summary: "Replaces what a spend alert of the organization says.",
  body,
  run: updateSpendAlert,
});

export const deleteOrganizationSpendAlertOperation = bareOperation({
  ...alert,
  id: "delete-organization-spend-alert",
  method: "DELETE",
  summary: "Deletes a spend alert of the organization.",
  run: deleteSpendAlert,
});
