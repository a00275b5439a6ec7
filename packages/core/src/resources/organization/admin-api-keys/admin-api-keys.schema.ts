import { z } from "zod";
import { pageQuery } from "../../../pipeline/page.ts";
import { expiresInSeconds, objectName } from "../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/admin-api-keys.

export const adminKeyCreateRequest = z.object({
  name: objectName,
  expires_in_seconds: expiresInSeconds.optional(),
});

export const adminKeyListQuery = pageQuery.pick({ after: true, limit: true, order: true });

export type AdminKeyCreateRequest = z.infer<typeof adminKeyCreateRequest>;
