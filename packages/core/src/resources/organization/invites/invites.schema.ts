import { z } from "zod";
import { email } from "../common.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/invite.

const MOST_PROJECTS = 100;

export const inviteCreateRequest = z.object({
  email,
  role: z.enum(["owner", "reader"]),
  projects: z
    .array(z.object({ id: z.string().min(1).max(256), role: z.enum(["member", "owner"]) }))
    .max(MOST_PROJECTS)
    .optional(),
});

export type InviteCreateRequest = z.infer<typeof inviteCreateRequest>;
