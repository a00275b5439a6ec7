import type { Call } from "../../call.ts";
import { conversationKey, findConversation, readItems } from "../../conversations/conversation.record.ts";
import { duplicateItem } from "../../conversations/new-items.ts";
import { invalidRequest } from "../../errors/catalogue.ts";
import { zeroRetentionParameter } from "../../errors/retention.ts";
import { newId } from "../../ids.ts";
import { usedTier } from "../../instances/tier.ts";
import { completeItem, isSelfContained } from "../../items/complete-item.ts";
import type { InputItem } from "../../items/input-item.schema.ts";
import type { Item } from "../../items/item.types.ts";
import type { ResolvedModel } from "../../models/registry.ts";
import { ownerOf } from "../../store/owner.ts";
import type { Places } from "./over-chat/messages.ts";
import { modelContext } from "./responses.context.ts";
import { itemIds } from "./responses.ids.ts";
import { newResponse } from "./responses.object.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import { findItem, loadChain } from "./responses.state.ts";
import type { ResponseObject } from "./responses.types.ts";

/** A response that has been asked for: what the model will be asked, and what will be told and kept of it. */
export interface Draft {
  readonly request: ResponseRequest & { model: string };
  readonly response: ResponseObject;
  /** What the conversation was before. */
  readonly before: readonly Item[];
  /** All that the model is asked about: what was before, then what this request adds. */
  readonly context: readonly Item[];
  /** What this request adds, as it is kept. */
  readonly input: Item[];
  /** Ids of the responses that this one follows on from. */
  readonly chain: string[];
  /** The conversation that is added to when the response is over. */
  readonly conversation: string | null;
}

/** @throws ApiError 400 or 404 when something that the request refers to is not there */
export async function draftResponse(
  call: Call<ResponseRequest & { model: string }>,
  { snapshot }: ResolvedModel,
): Promise<Draft> {
  const { body: request } = call;
  const response = newResponse(newId("resp_"), request, snapshot);
  response.service_tier = usedTier(call.receipt);
  // Whatever the request says, as the API documents it.
  if (call.zeroRetention) response.store = false;
  const context = await readContext(call, request, response.id);
  return { ...context, request, response, context: await modelContext(call, context.before, context.input) };
}

function conversationId(conversation: ResponseRequest["conversation"]): string | null {
  return (typeof conversation === "string" ? conversation : conversation?.id) ?? null;
}

/** What a request refers to, and what it adds. */
export interface RequestContext {
  readonly before: readonly Item[];
  readonly input: Item[];
  readonly chain: string[];
  readonly conversation: string | null;
}

type Referring = Pick<ResponseRequest, "previous_response_id" | "conversation"> & {
  input?: ResponseRequest["input"] | null;
};

/** @throws ApiError 400 or 404 when something that the request refers to is not there */
export async function readContext(
  call: Pick<Call, "principal" | "services" | "zeroRetention">,
  request: Referring,
  responseId: string,
): Promise<RequestContext> {
  if (call.zeroRetention) refuseRemembered(request);
  const former = await readBefore(call, request);
  const input = await completeInput(call, request.input ?? [], responseId, former.before);
  return { ...former, input };
}

/** What was stored before it was forbidden is not gone on from either, as in the API. */
function refuseRemembered(request: Referring): void {
  for (const name of ["previous_response_id", "conversation"] as const) {
    if (request[name]) throw zeroRetentionParameter(name);
  }
}

/**
 * What a request goes on from.
 * @throws ApiError 400 or 404 when it is not there
 */
export async function readBefore(
  call: Pick<Call, "principal" | "services">,
  request: Referring,
): Promise<Omit<RequestContext, "input">> {
  const conversation = conversationId(request.conversation);
  const { items: before, chain } = request.previous_response_id
    ? await loadChain(call, request.previous_response_id)
    : { items: conversation === null ? [] : await readConversation(call, conversation), chain: [] };
  return { before, chain, conversation };
}

async function readConversation({ principal, services }: Pick<Call, "principal" | "services">, id: string) {
  const owner = ownerOf(principal);
  await findConversation(services.store, conversationKey(owner, id));
  return readItems(services.store, owner, id);
}

/** True for a request that wants the conversation compacted, and no answer. */
export function isTriggered({ input }: Pick<ResponseRequest, "input">): boolean {
  return Array.isArray(input) && input.at(-1)?.type === "compaction_trigger";
}

type Placed = Pick<Draft, "context" | "input"> & { request: Referring };

/** Where the items of the context stand for the client: in its request, or in what that refers to. */
export function placesOf({ context, input, request }: Placed, emulated: Set<string>): Places {
  const before = request.conversation ? "conversation" : "previous_response_id";
  // Not all of the input is in the context, where it was compacted.
  const places = new Map(input.map((item, index) => [item, index]));
  const place = (index: number) => places.get(context[index] as Item);
  return {
    own: (index) => place(index) !== undefined,
    path(index) {
      const at = place(index);
      if (at === undefined) return before;
      return typeof request.input === "string" ? "input" : `input[${at}]`;
    },
    changed: (index) => void emulated.add(place(index) === undefined ? before : "input"),
  };
}

async function completeInput(
  call: Pick<Call, "principal" | "services">,
  input: string | InputItem[],
  responseId: string,
  before: readonly Item[],
): Promise<Item[]> {
  const ids = itemIds(responseId, "input");
  if (typeof input === "string") return [completeItem({ role: "user", content: input, id: ids.next("message") })];
  const items: Item[] = [];
  const known = new Map(before.map((item) => [item.id, item]));
  for (const [index, item] of input.entries()) {
    if (isSelfContained(item)) {
      if (item.id && known.has(item.id)) throw duplicateItem(item.id, `input[${index}].id`);
      items.push(completeItem({ ...item, id: item.id ?? ids.next(item.type ?? "message") } as typeof item));
    } else if (item.type === "compaction_trigger") {
      // A command, and nothing that is said: it is not kept.
      if (index === input.length - 1) break;
      const message = "An item of type 'compaction_trigger' must be the last one of the input.";
      throw invalidRequest(message, `input[${index}].type`, "invalid_value");
    } else items.push(known.get(item.id as string) ?? (await findItem(call, item.id as string)));
  }
  return items;
}
