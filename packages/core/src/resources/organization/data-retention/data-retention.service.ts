import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import type { Reply } from "../../../http/exchange.ts";
import { adminOf } from "../../../identity/admin.ts";
import { findOrganization, organizationData, organizationKey } from "../../../identity/organization.ts";
import type { OrganizationData } from "../../../identity/records.ts";
import { unixSeconds } from "../../../ids.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { availableRetention } from "../../../retention/available-retention.ts";
import type { RetentionType } from "../../../retention/retention-type.ts";
import { type DataRetentionUpdateRequest, dataRetentionUpdateRequest } from "./data-retention.schema.ts";
import type { OrganizationDataRetention } from "./data-retention.types.ts";

/** https://platform.openai.com/docs/api-reference/administration */
export async function retrieveDataRetention(call: Call): Promise<Reply> {
  const { store, organization } = adminOf(call);
  const { retention = call.services.retention.type } = organizationData(await findOrganization(store, organization));
  return jsonReply(dataRetention(retention));
}

/** https://platform.openai.com/docs/api-reference/administration */
export async function updateDataRetention(call: Call<DataRetentionUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, dataRetentionUpdateRequest.shape);
  const retention = availableRetention(call.body.retention_type);
  const { store, organization, commit } = adminOf(call);
  await commit(async () => {
    const record = await findOrganization(store, organization);
    const data: OrganizationData = { ...organizationData(record), retention };
    const key = organizationKey(organization);
    const change = record
      ? { replace: { ...key, version: record.version, data } }
      : { insert: { ...key, createdAt: unixSeconds(), data } };
    const details = { changes_requested: { data_retention: dataRetention(retention) } };
    return {
      changes: [change],
      events: [{ type: "organization.updated", resource: organization, details }],
      revoked: [organization],
      result: undefined,
    };
  });
  return jsonReply(dataRetention(retention));
}

function dataRetention(type: RetentionType): OrganizationDataRetention {
  return { object: "organization.data_retention", type };
}
