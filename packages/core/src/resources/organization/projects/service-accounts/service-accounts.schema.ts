import { z } from "zod";
import { expiresInSeconds, objectName } from "../../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/project-service-accounts.

export const serviceAccountCreateRequest = z.object({
  name: objectName,
  create_service_account_only: z.boolean().nullish(),
  expires_in_seconds: expiresInSeconds.nullish(),
});

export const serviceAccountUpdateRequest = z.object({
  name: objectName.optional(),
  role: z.enum(["member", "owner"]).optional(),
});

export type ServiceAccountCreateRequest = z.infer<typeof serviceAccountCreateRequest>;
export type ServiceAccountUpdateRequest = z.infer<typeof serviceAccountUpdateRequest>;
