import { z } from "zod";
import { ENHANCED_TYPES, PROJECT_RETENTION_TYPES } from "../../../../retention/retention-type.ts";

/** https://platform.openai.com/docs/api-reference/projects */
export const projectDataRetentionUpdateRequest = z.object({
  retention_type: z.enum([...PROJECT_RETENTION_TYPES, ...ENHANCED_TYPES]),
});

export type ProjectDataRetentionUpdateRequest = z.infer<typeof projectDataRetentionUpdateRequest>;
