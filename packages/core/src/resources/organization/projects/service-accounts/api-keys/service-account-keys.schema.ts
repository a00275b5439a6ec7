import { z } from "zod";
import { expiresInSeconds, objectName } from "../../../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/project-service-accounts.

export const serviceAccountKeyCreateRequest = z.object({
  name: objectName.optional(),
  expires_in_seconds: expiresInSeconds.nullish(),
  scopes: z.array(z.string()).optional(),
});

export type ServiceAccountKeyCreateRequest = z.infer<typeof serviceAccountKeyCreateRequest>;
