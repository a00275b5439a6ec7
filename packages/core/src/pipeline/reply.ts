import type { Call, Receipt } from "../call.ts";
import { type ApiError, errorBody } from "../errors/api-error.ts";
import { toApiError } from "../errors/to-api-error.ts";
import type { AbortTarget } from "../http/cancellation.ts";
import type { Piece, Reply } from "../http/exchange.ts";
import { SSE_HEADERS, sseData } from "../http/sse.ts";
import { addLimitHeaders } from "../limits/limit-headers.ts";
import { lifecycleHeaders } from "../models/lifecycle.ts";
import { explanationHeader } from "../observe/explanation.ts";
import type { Flagged } from "../policy/policy.options.ts";
import type { Progress } from "./settle.ts";

export const JSON_HEADERS = { "content-type": "application/json" };
const API_VERSION = "2020-10-01";

export function jsonReply(value: unknown): Reply {
  return textReply(JSON.stringify(value));
}

/** Answers with what has been put into JSON already. */
export function textReply(body: string): Reply & { body: string } {
  return { status: 200, headers: JSON_HEADERS, body };
}

export function errorReply(error: ApiError): Reply {
  return { status: error.status, headers: { ...JSON_HEADERS, ...sendable(error.headers) }, body: errorBody(error) };
}

/** Without the headers that no server can write: they may come from an upstream. */
function sendable(headers: ApiError["headers"]): ApiError["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\t\x20-\x7e]*$/.test(value)));
}

/**
 * Answers with server-sent events: what `items` brings, each as `write` words it. Waits for the first one, so that an
 * engine that fails at once still gets an HTTP status; a failure after that ends the stream in an error event, which
 * `writeFailure` words where an API has its own way. `isToken` tells items that bring a part of an answer from those that only announce it.
 */
export async function eventStreamReply<Item>(
  call: Call,
  items: AsyncIterable<Item>,
  write: (item: Item) => Piece,
  writeFailure: (error: ApiError) => Piece = (error) => sseData(errorBody(error)),
  isToken: (item: Item) => boolean = () => true,
): Promise<Reply> {
  const iterator = items[Symbol.asyncIterator]();
  const first = await iterator.next();
  const body = streamFrom(first, iterator, { write, writeFailure, isToken }, call.receipt, call.exchange.cancellation);
  return { status: 200, headers: { ...SSE_HEADERS }, body };
}

interface EventWording<Item> {
  readonly write: (item: Item) => Piece;
  readonly writeFailure: (error: ApiError) => Piece;
  readonly isToken: (item: Item) => boolean;
}

const DONE: IteratorResult<Piece> = { done: true, value: undefined };

/** Written out by hand: a generator that nobody has started yet would not close its source. */
function streamFrom<Item>(
  first: IteratorResult<Item>,
  iterator: AsyncIterator<Item>,
  { write, writeFailure, isToken }: EventWording<Item>,
  receipt: Receipt,
  signal: AbortTarget,
): AsyncIterableIterator<Piece> {
  let waiting: IteratorResult<Item> | null = first;
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (over) return DONE;
      try {
        while (true) {
          const result = waiting ?? (await iterator.next());
          waiting = null;
          if (result.done) break;
          if (receipt.firstTokenAt === 0 && isToken(result.value)) receipt.firstTokenAt = performance.now();
          const value = write(result.value);
          if (value.length > 0) return { done: false, value };
        }
        over = true;
        return DONE;
      } catch (error) {
        over = true;
        if (signal.aborted) return DONE;
        receipt.error = error ?? new TypeError(`${error} was thrown`);
        return { done: false, value: writeFailure(toApiError(error, signal)) };
      }
    },
    async return() {
      if (!over) {
        over = true;
        await iterator.return?.();
      }
      return DONE;
    },
  };
}

/** Adds the headers that every reply carries. https://platform.openai.com/docs/api-reference/debugging-requests */
export function withStandardHeaders(reply: Reply, progress: Progress): Reply {
  const headers: Record<string, string> = {
    ...reply.headers,
    "x-request-id": progress.requestId,
    "openai-processing-ms": String(Math.round(performance.now() - progress.arrival)),
    "openai-version": API_VERSION,
  };
  const { principal, receipt, drawn } = progress;
  if (principal?.organization) headers["openai-organization"] = principal.organization;
  if (principal?.project) headers["openai-project"] = principal.project;
  if (drawn) addLimitHeaders(headers, drawn.plan, drawn.debts);
  if (drawn?.throttled) addLimitHeaders(headers, drawn.throttled.plan, drawn.throttled.debts);
  if (receipt.snapshot !== null) headers["openai-model"] = headerText(receipt.snapshot);
  if (receipt.instance !== null) headers["outlet-instance"] = receipt.instance;
  if (receipt.deprecation) Object.assign(headers, lifecycleHeaders(receipt.deprecation));
  if (receipt.flagged.length > 0) addFlagged(headers, receipt.flagged);
  if (receipt.standing !== null && receipt.standing !== "good") headers["outlet-standing"] = receipt.standing;
  if (receipt.emulated.size > 0) headers["outlet-emulated"] = [...receipt.emulated].join(", ");
  if (receipt.explained?.told) headers["outlet-explain"] = explanationHeader(receipt.explained, receipt);
  return { status: reply.status, headers, body: reply.body };
}

/** Only what the host wants callers to be told of: `input="violence", output="hate"`. */
function addFlagged(headers: Record<string, string>, flagged: readonly Flagged[]): void {
  const told = flagged.filter(({ action }) => action === "flag");
  if (told.length === 0) return;
  headers["outlet-flagged"] = told.map(({ side, categories }) => `${side}="${categories.join(" ")}"`).join(", ");
}

/** A client's own word is in it: what no header can carry is escaped. */
function headerText(text: string): string {
  return /^[\x21-\x7e]{1,256}$/.test(text) ? text : encodeURIComponent(text.slice(0, 256).toWellFormed());
}
