import { z } from "zod";
import { adminPageQuery, expiresInSeconds } from "../../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/project-api-keys.

export const projectKeyListQuery = adminPageQuery.extend({
  owner_project_access: z.enum(["active", "inactive", "any"]).optional(),
});

export const projectKeyUpdateRequest = z.object({
  expires_in_seconds: expiresInSeconds.optional(),
  scopes: z.array(z.string()).optional(),
});

export type ProjectKeyListQuery = z.infer<typeof projectKeyListQuery>;
export type ProjectKeyUpdateRequest = z.infer<typeof projectKeyUpdateRequest>;
