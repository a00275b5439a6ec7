import { bareOperation, jsonOperation } from "../../../operation.ts";
import { spendAlertListQuery, spendAlertRequest } from "./spend-alerts.schema.ts";
import {
  createSpendAlert,
  deleteSpendAlert,
  listSpendAlerts,
  retrieveSpendAlert,
  updateSpendAlert,
} from "./spend-alerts.service.ts";

const PATH = "/organization/projects/{project_id}/spend_alerts";
const reference = "https://platform.openai.com/docs/api-reference/administration";
const body = { schema: spendAlertRequest, maxBytes: 64 * 1024 };
const alerts = { path: PATH, reference, auth: "admin", streams: false } as const;
const alert = { ...alerts, path: `${PATH}/{alert_id}` } as const;

export const listProjectSpendAlertsOperation = bareOperation({
  ...alerts,
  id: "list-project-spend-alerts",
  method: "GET",
  summary: "Lists a project's spend alerts, oldest first.",
  query: spendAlertListQuery,
  run: listSpendAlerts,
});

export const createProjectSpendAlertOperation = jsonOperation({
  ...alerts,
  id: "create-project-spend-alert",
  method: "POST",
  summary: "Has somebody told when a project has spent so much in a month.",
  body,
  run: createSpendAlert,
});

export const retrieveProjectSpendAlertOperation = bareOperation({
  ...alert,
  id: "retrieve-project-spend-alert",
  method: "GET",
  summary: "Retrieves a spend alert of a project.",
  run: retrieveSpendAlert,
});

export const updateProjectSpendAlertOperation = jsonOperation({
  ...alert,
  id: "update-project-spend-alert",
  method: "POST",
  summary: "Replaces what a spend alert of a project says.",
  body,
  run: updateSpendAlert,
});

export const deleteProjectSpendAlertOperation = bareOperation({
  ...alert,
  id: "delete-project-spend-alert",
  method: "DELETE",
  summary: "Deletes a spend alert of a project.",
  run: deleteSpendAlert,
});
