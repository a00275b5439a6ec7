import type { ProjectRetentionType } from "../../../../retention/retention-type.ts";

export interface ProjectDataRetention {
  object: "project.data_retention";
  type: ProjectRetentionType;
}
