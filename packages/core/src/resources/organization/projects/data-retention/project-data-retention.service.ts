import type { Call } from "../../../../call.ts";
import { refuseUnknown } from "../../../../engine/parameters.ts";
import type { Reply } from "../../../../http/exchange.ts";
import { adminOf } from "../../../../identity/admin.ts";
import { findActiveProject, findProject, projectKey } from "../../../../identity/projects.ts";
import type { ProjectData } from "../../../../identity/records.ts";
import { jsonReply } from "../../../../pipeline/reply.ts";
import { availableRetention } from "../../../../retention/available-retention.ts";
import type { ProjectRetentionType } from "../../../../retention/retention-type.ts";
import {
  type ProjectDataRetentionUpdateRequest,
  projectDataRetentionUpdateRequest,
} from "./project-data-retention.schema.ts";
import type { ProjectDataRetention } from "./project-data-retention.types.ts";

/** https://platform.openai.com/docs/api-reference/projects */
export async function retrieveProjectDataRetention(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { data } = await findProject(store, organization, projectOf(call));
  return jsonReply(dataRetention(data.retention ?? "organization_default"));
}

/** https://platform.openai.com/docs/api-reference/projects */
export async function updateProjectDataRetention(call: Call<ProjectDataRetentionUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, projectDataRetentionUpdateRequest.shape);
  const retention = availableRetention(call.body.retention_type);
  const { store, organization, commit } = adminOf(call);
  await commit(async () => {
    const { id, data, record } = await findActiveProject(store, organization, projectOf(call));
    const changed: ProjectData = { ...data, retention };
    const details = { changes_requested: { data_retention: dataRetention(retention) } };
    return {
      changes: [{ replace: { ...projectKey(organization, id), version: record.version, data: changed } }],
      events: [{ type: "project.updated", resource: id, project: { id, name: data.name }, details }],
      revoked: [id],
      result: undefined,
    };
  });
  return jsonReply(dataRetention(retention));
}

function projectOf({ params }: Pick<Call, "params">): string {
  return params.project_id ?? "";
}

function dataRetention(type: ProjectRetentionType): ProjectDataRetention {
  return { object: "project.data_retention", type };
}
