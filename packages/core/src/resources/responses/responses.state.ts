import type { Call } from "../../call.ts";
import { appendItems, conversationKey, findConversation } from "../../conversations/conversation.record.ts";
import { invalidRequest, itemNotFound, responseNotFound, unavailable } from "../../errors/catalogue.ts";
import type { Includable } from "../../items/include.ts";
import type { Item } from "../../items/item.types.ts";
import { cancelJob } from "../../jobs/job-record.ts";
import { expiryAfter } from "../../retention/retention.ts";
import { ownerOf } from "../../store/owner.ts";
import type { Change, RecordKey } from "../../store/store.ts";
import { responseOfItem } from "./responses.ids.ts";
import type { ResponseRequest } from "./responses.schema.ts";
import type { ResponseObject } from "./responses.types.ts";

const COLLECTION = "response";
/** The kind of the jobs that make responses in the background; each has its response's id. */
export const RESPONSE_JOB = "response";

/** Responses that one may follow on from; the oldest are not forgotten, longer conversations are refused. */
const MAX_CHAIN = 1000;
/** Items that a model is asked about at once. */
const MAX_ITEMS = 20_000;
/** Look-ups under way at a time. */
const AT_ONCE = 16;

/** What is kept of a response. */
export interface StoredResponse {
  response: ResponseObject;
  /** What this request added; what it followed on from stands in the responses of the chain. */
  input: Item[];
  /** Ids of the responses it follows on from, the first one first. */
  chain: string[];
  /** Of a response in the background that is not over: what was asked, but for its input. */
  request?: ResponseRequest & { model: string };
  /** Of one that is not over: seconds that it is kept when it is; null for ever. */
  keptFor?: number | null;
  /** Of a response in the background that is streamed: what its events include. */
  streamed?: readonly Includable[];
}

/** What becomes of the record of a response in the background when it is over. */
export function endOf(
  { request: _, keptFor = null, ...kept }: StoredResponse,
  response: ResponseObject,
): { data: StoredResponse; expiresAt: number | null } {
  return { data: { ...kept, response }, expiresAt: expiryAfter(keptFor) };
}

export type Caller = Pick<Call, "principal" | "services">;

export function responseKey(owner: string, id: string): RecordKey {
  return { collection: COLLECTION, owner, id };
}

function keyOf({ principal }: Caller, id: string): RecordKey {
  return responseKey(ownerOf(principal), id);
}

/**
 * Keeps a response that is over, and adds what was said to its conversation: both or neither.
 * @throws ApiError 404 when the conversation was deleted while the model was at work
 */
export async function saveResponse(caller: Caller, kept: Kept): Promise<void> {
  const { response, input, chain, conversation } = kept;
  const { id, created_at } = response;
  const changes: Change[] = [];
  if (response.store) {
    const data: StoredResponse = { response, input, chain };
    const expiresAt = expiryAfter(caller.services.retention.secondsFor(caller.principal));
    changes.push({ insert: { ...keyOf(caller, id), createdAt: created_at, expiresAt, data } });
  }
  if (conversation !== null) {
    changes.push(...appendItems(ownerOf(caller.principal), conversation, saidIn(kept), created_at));
  }
  if (changes.length === 0 || (await caller.services.store.write(changes))) return;
  if (conversation === null) throw unavailable("The response could not be stored. Try again.");
  await findConversation(caller.services.store, conversationKey(ownerOf(caller.principal), conversation));
  throw unavailable("The conversation could not be added to. Try again.");
}

/** What a response that is over adds to its conversation. */
export function saidIn({ response, input, before }: Kept): Item[] {
  if (response.status === "failed") return [];
  const known = new Set(before.map((item) => item.id));
  return [...input.filter((item) => !known.has(item.id)), ...response.output];
}

/** What is known of a response when it is over. */
interface Kept extends StoredResponse {
  conversation: string | null;
  before: readonly Item[];
}

async function find(caller: Caller, id: string): Promise<StoredResponse | null> {
  const record = await caller.services.store.get(keyOf(caller, id));
  return record && (record.data as StoredResponse);
}

/** @throws ApiError 404 */
export async function loadResponse(caller: Caller, id: string): Promise<StoredResponse> {
  const stored = await find(caller, id);
  if (!stored) throw responseNotFound(id);
  return stored;
}

/** @throws ApiError 404 */
export async function deleteStoredResponse(caller: Caller, id: string): Promise<void> {
  const { response } = await loadResponse(caller, id);
  const key = keyOf(caller, id);
  const work = response.background ? [cancelJob(RESPONSE_JOB, key)] : [];
  await caller.services.store.write([{ delete: key }, ...work]);
}

/** What a response was asked about, oldest first: all that it followed on from, and what its request added. */
export async function inputOf(caller: Caller, id: string): Promise<Item[]> {
  const { input, response } = await loadResponse(caller, id);
  const previous = response.previous_response_id;
  return previous === null ? input : [...(await loadChain(caller, previous)).items, ...input];
}

/**
 * An item of a stored response, input or output, by its id.
 * @throws ApiError 404
 */
export async function findItem(caller: Caller, id: string): Promise<Item> {
  const responseId = responseOfItem(id);
  const stored = responseId && (await find(caller, responseId));
  const item = stored && [...stored.input, ...stored.response.output].find((one) => one.id === id);
  if (!item) throw itemNotFound(id);
  return item;
}

/**
 * What was said before: the inputs and outputs of a response and of all that it follows on from.
 * @throws ApiError 400 when one of them is gone or is not over
 */
export async function loadChain(caller: Caller, id: string): Promise<{ items: Item[]; chain: string[] }> {
  const last = await find(caller, id);
  if (!last) throw previousNotFound(id);
  const chain = [...last.chain, id];
  if (chain.length > MAX_CHAIN) {
    throw invalidRequest(`A conversation has at most ${MAX_CHAIN} responses.`, "previous_response_id");
  }
  const items: Item[] = [];
  for (const { response, input } of [...(await loadAll(caller, last.chain)), last]) {
    if (response.status !== "completed" && response.status !== "incomplete") throw notOver(response);
    for (const item of input) items.push(item);
    for (const item of response.output) items.push(item);
  }
  if (items.length > MAX_ITEMS) {
    throw invalidRequest(`A conversation has at most ${MAX_ITEMS} items.`, "previous_response_id");
  }
  return { items, chain };
}

async function loadAll(caller: Caller, ids: readonly string[]): Promise<StoredResponse[]> {
  const all: StoredResponse[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const found = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => find(caller, id)));
    for (const [index, stored] of found.entries()) {
      if (!stored) throw previousNotFound(ids[at + index] as string);
      all.push(stored);
    }
  }
  return all;
}

function previousNotFound(id: string) {
  const message = `Previous response with id '${id.slice(0, 256)}' not found.`;
  return invalidRequest(message, "previous_response_id", "previous_response_not_found");
}

function notOver({ id, status }: ResponseObject) {
  const message = `The response '${id}' cannot be followed on from: its status is '${status}'.`;
  return invalidRequest(message, "previous_response_id", "invalid_value");
}
