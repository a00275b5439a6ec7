import { bareOperation, jsonOperation } from "../../../../operation.ts";
import { modelPermissionsUpdateRequest } from "./model-permissions.schema.ts";
import {
  deleteModelPermissions,
  retrieveModelPermissions,
  updateModelPermissions,
} from "./model-permissions.service.ts";

const permissions = {
  path: "/organization/projects/{project_id}/model_permissions",
  reference: "https://platform.openai.com/docs/api-reference/projects",
  auth: "admin",
  streams: false,
} as const;

export const retrieveModelPermissionsOperation = bareOperation({
  ...permissions,
  id: "retrieve-project-model-permissions",
  method: "GET",
  summary: "Retrieves which models a project may use.",
  run: retrieveModelPermissions,
});

export const updateModelPermissionsOperation = jsonOperation({
  ...permissions,
  id: "update-project-model-permissions",
  method: "POST",
  summary: "Says which models a project may use, or which it may not.",
  body: { schema: modelPermissionsUpdateRequest, maxBytes: 1024 * 1024 },
  run: updateModelPermissions,
});

export const deleteModelPermissionsOperation = bareOperation({
  ...permissions,
  id: "delete-project-model-permissions",
  method: "DELETE",
  summary: "Lets a project use every model again.",
  run: deleteModelPermissions,
});
