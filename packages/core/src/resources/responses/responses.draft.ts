import type { Call } from "../../call.ts";
import { invalidRequest } from "../../errors/catalogue.ts";
import { newId } from "../../ids.ts";
import { completeItem, isSelfContained } from "../../items/complete-item.ts";
import type { InputItem } from "../../items/input-item.schema.ts";
import type { Item } from "../../items/item.types.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { itemIds } from "./responses.ids.ts";
import { newResponse } from "./responses.object.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import { findItem, loadChain } from "./responses.state.ts";
import type { ResponseObject } from "./responses.types.ts";

/** A response that has been asked for: what the model will be asked, and what will be told and kept of it. */
export interface Draft {
  readonly request: ResponseRequest & { model: string };
  readonly response: ResponseObject;
  /** All that the model is asked about: what came before, then what this request adds. */
  readonly context: readonly Item[];
  /** What this request adds, as it is kept. */
  readonly input: Item[];
  /** Ids of the responses that this one follows on from. */
  readonly chain: string[];
}

/** @throws ApiError 400 when something that the request refers to is not there */
export async function draftResponse(
  call: Call<ResponseRequest & { model: string }>,
  { snapshot }: ResolvedModel,
): Promise<Draft> {
  const { body: request } = call;
  const response = newResponse(newId("resp_"), request, snapshot);
  const previous = request.previous_response_id
    ? await loadChain(call, request.previous_response_id)
    : { items: [], chain: [] };
  const input = await completeInput(call, request.input ?? [], response.id);
  return { request, response, input, chain: previous.chain, context: [...previous.items, ...input] };
}

/** The path of an item of the context, as the client knows it. */
export function inputPath({ context, input, request }: Draft, index: number): string {
  const own = index - (context.length - input.length);
  if (own < 0) return request.conversation ? "conversation" : "previous_response_id";
  return typeof request.input === "string" ? "input" : `input[${own}]`;
}

async function completeInput(call: Call, input: string | InputItem[], responseId: string): Promise<Item[]> {
  const ids = itemIds(responseId, "input");
  if (typeof input === "string") return [completeItem({ role: "user", content: input, id: ids.next("message") })];
  const items: Item[] = [];
  for (const [index, item] of input.entries()) {
    if (isSelfContained(item)) {
      items.push(completeItem({ ...item, id: item.id ?? ids.next(item.type ?? "message") } as typeof item));
    } else if (item.type === "compaction_trigger") {
      throw invalidRequest(
        "Input items of type 'compaction_trigger' are not supported with this model.",
        `input[${index}].type`,
        "unsupported_value",
      );
    } else items.push(await findItem(call, item.id as string));
  }
  return items;
}
