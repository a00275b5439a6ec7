import { z } from "zod";
import { adminPageQuery, email } from "../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/users.

export const userListQuery = adminPageQuery.extend({ emails: z.array(email).max(100).optional() });

export const userUpdateRequest = z.object({
  role: z.enum(["owner", "reader"]).nullish(),
  role_id: z.string().nullish(),
  technical_level: z.string().nullish(),
  developer_persona: z.string().nullish(),
});

export type UserListQuery = z.infer<typeof userListQuery>;
export type UserUpdateRequest = z.infer<typeof userUpdateRequest>;
