import { z } from "zod";
import { assistantPart, inputPart } from "./content.schema.ts";
import { itemStatus, longText, optionalItemId } from "./fields.schema.ts";

const message = {
  type: z.literal("message").optional(),
  id: optionalItemId,
  status: itemStatus.nullish(),
  phase: z.enum(["commentary", "final_answer"]).nullish(),
};

const said = { ...message, content: z.union([longText, z.array(inputPart)]) };

/** A message, the one item that needs no `type`: its role shows what it is. */
export const messageItem = z.discriminatedUnion("role", [
  z.object({ ...said, role: z.literal("user") }),
  z.object({
    ...message,
    role: z.literal("assistant"),
    content: z.union([longText, z.array(assistantPart)]),
  }),
  z.object({ ...said, role: z.literal("system") }),
  z.object({ ...said, role: z.literal("developer") }),
]);
