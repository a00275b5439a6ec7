import { engineFailed } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import { concatBytes } from "../http/bytes.ts";
import { isByteStream } from "../http/exchange.ts";
import { readEvents } from "../http/sse-reader.ts";
import type { ChatCompletion, ChatCompletionChunk } from "../resources/chat/completions/chat-completions.types.ts";
import type { Engine, ForwardReply } from "./engine.ts";

type Chat = Required<Pick<Engine, "chat">>["chat"];

const MAX_EVENT_LENGTH = 8 * 1024 * 1024;
const encoder = new TextEncoder();

/** How an engine is asked to chat where core needs the answer itself: in its own way, or through a far side that speaks the protocol. */
export function chatOf(engine: Engine): Chat | undefined {
  return engine.chat?.bind(engine) ?? chatOverForward(engine);
}

function chatOverForward(engine: Engine): Chat | undefined {
  const forward = engine.forward?.bind(engine);
  if (!forward) return undefined;
  return async (request, context) => {
    const stream = request.stream === true;
    const asked = stream ? { ...request, stream_options: { ...request.stream_options, include_usage: true } } : request;
    const body = JSON.stringify(asked);
    const path = "/chat/completions";
    const reply = await forward({ method: "POST", path, body, contentType: "application/json", stream }, context);
    if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
    return stream ? chunksOf(reply) : completionOf(reply);
  };
}

async function completionOf({ body }: ForwardReply): Promise<ChatCompletion> {
  if (!isByteStream(body)) return parsed<ChatCompletion>(new TextDecoder().decode(body));
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(typeof piece === "string" ? encoder.encode(piece) : piece);
  return parsed<ChatCompletion>(new TextDecoder().decode(concatBytes(pieces)));
}

async function* chunksOf({ body }: ForwardReply): AsyncGenerator<ChatCompletionChunk> {
  const bytes = isByteStream(body) ? body : whole(body);
  let ended = false;
  try {
    for await (const { data } of readEvents(bytes, MAX_EVENT_LENGTH)) {
      ended = data === "[DONE]";
      if (ended) break;
      yield parsed<ChatCompletionChunk>(data);
    }
  } catch (error) {
    throw error instanceof RangeError ? engineFailed("The upstream sent an event that is too large.", error) : error;
  }
  if (!ended) throw engineFailed("The upstream's stream ended before it was complete.");
}

async function* whole(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

/** What an upstream says under a 200, an error among it. */
function parsed<T extends object>(json: string): T {
  let value: (T & { error?: unknown }) | null;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw engineFailed("The upstream's reply is not valid JSON.", cause);
  }
  if (typeof value !== "object" || value === null) throw engineFailed("The upstream's reply is not a JSON object.");
  if (value.error) throw engineFailed("The upstream reported an error.", value.error);
  return value;
}
