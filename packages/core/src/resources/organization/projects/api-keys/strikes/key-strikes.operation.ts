import { bareOperation } from "../../../../../operation.ts";
import { deleteKeyStrikes, retrieveKeyStrikes } from "./key-strikes.service.ts";

// Outlet's own: the reference has the advice that it follows, and no such operation.
const strikes = {
  path: "/organization/projects/{project_id}/api_keys/{api_key_id}/strikes",
  reference: "https://platform.openai.com/docs/guides/safety-best-practices",
  auth: "admin",
  streams: false,
} as const;

export const retrieveKeyStrikesOperation = bareOperation({
  ...strikes,
  id: "retrieve-project-api-key-strikes",
  method: "GET",
  summary: "Retrieves how often a project's API key was flagged, and what follows from it. An extension of the API.",
  run: retrieveKeyStrikes,
});

export const deleteKeyStrikesOperation = bareOperation({
  ...strikes,
  id: "delete-project-api-key-strikes",
  method: "DELETE",
  summary:
    "Forgets what a project's API key was flagged for: it is neither throttled nor suspended any more. An extension of the API.",
  run: deleteKeyStrikes,
});
