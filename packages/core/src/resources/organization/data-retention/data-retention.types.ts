import type { RetentionType } from "../../../retention/retention-type.ts";

/** What holds for the projects of an organization that leave it to that. */
export interface OrganizationDataRetention {
  object: "organization.data_retention";
  type: RetentionType;
}
