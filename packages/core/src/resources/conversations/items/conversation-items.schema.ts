import { z } from "zod";
import { includable } from "../../../items/include.ts";
import { forwardPageQuery } from "../../../pipeline/page.ts";
import { newItemList } from "../conversations.schema.ts";

// Requests of https://platform.openai.com/docs/api-reference/conversations/list-items.

export const includeQuery = z.object({ include: z.array(includable).optional() });
export const itemListQuery = forwardPageQuery.extend(includeQuery.shape);
export const itemCreateRequest = z.object({ items: newItemList });

export type IncludeQuery = z.infer<typeof includeQuery>;
export type ItemListQuery = z.infer<typeof itemListQuery>;
export type ItemCreateRequest = z.infer<typeof itemCreateRequest>;
