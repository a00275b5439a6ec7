import { z } from "zod";
import { computerItems } from "./computer.schema.ts";
import { itemId, optionalItemId } from "./fields.schema.ts";
import { functionItems } from "./function.schema.ts";
import { mcpItems } from "./mcp.schema.ts";
import { messageItem } from "./message.schema.ts";
import { modelWorkItems } from "./model-work.schema.ts";
import { searchItems } from "./search.schema.ts";
import { shellItems } from "./shell.schema.ts";

/** An item as a client may send it: the input of a response, and what a conversation is made of. */
const typedItem = z.discriminatedUnion("type", [
  messageItem,
  ...functionItems,
  ...modelWorkItems,
  ...searchItems,
  ...computerItems,
  ...shellItems,
  ...mcpItems,
  z.object({ type: z.literal("item_reference"), id: itemId }),
  z.object({ type: z.literal("compaction_trigger"), id: optionalItemId }),
]);

/** What has neither type nor role, and is a reference to an item by its id. */
const untypedReference = z.object({
  type: z.literal("item_reference").nullish(),
  role: z.undefined().optional(),
  content: z.undefined().optional(),
  id: itemId,
});

/** https://platform.openai.com/docs/api-reference/responses/create#responses_create-input */
export const inputItem = z.union([typedItem, untypedReference]);

export type InputItem = z.infer<typeof inputItem>;
/** An input item of these types. */
export type InputItemOf<Type extends NonNullable<InputItem["type"]>> = Extract<InputItem, { type?: Type }>;
