import { z } from "zod";
import { adminPageQuery, objectName } from "../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/projects.

export const projectCreateRequest = z.object({
  name: objectName,
  external_key_id: z.string().nullish(),
  geography: z.string().nullish(),
  residency: z.string().nullish(),
});

export const projectUpdateRequest = z.object({
  name: objectName.nullish(),
  external_key_id: z.string().nullish(),
  geography: z.string().nullish(),
});

export const projectListQuery = adminPageQuery.extend({ include_archived: z.boolean().optional() });

export type ProjectCreateRequest = z.infer<typeof projectCreateRequest>;
export type ProjectUpdateRequest = z.infer<typeof projectUpdateRequest>;
export type ProjectListQuery = z.infer<typeof projectListQuery>;
