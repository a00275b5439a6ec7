import { z } from "zod";
import { email } from "../../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/project-users.

const role = z.enum(["owner", "member"]);

export const projectUserCreateRequest = z.object({
  user_id: z.string().min(1).max(256).nullish(),
  email: email.nullish(),
  role,
});

export const projectUserUpdateRequest = z.object({ role: role.nullish() });

export type ProjectUserCreateRequest = z.infer<typeof projectUserCreateRequest>;
export type ProjectUserUpdateRequest = z.infer<typeof projectUserUpdateRequest>;
