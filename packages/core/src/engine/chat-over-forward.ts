import type { ApiError } from "../errors/api-error.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import { concatBytes } from "../http/bytes.ts";
import { type ByteStream, isByteStream } from "../http/exchange.ts";
import { readEvents } from "../http/sse-reader.ts";
import type { Engine, EngineAnswer, EngineContext, ForwardReply } from "./engine.ts";

type Chat = NonNullable<Engine["chat"]>;
type Complete = NonNullable<Engine["complete"]>;

const MAX_EVENT_LENGTH = 8 * 1024 * 1024;
const encoder = new TextEncoder();

/** How an engine is asked to chat where core needs the answer itself: in its own way, or through a far side that speaks the protocol. */
export function chatOf(engine: Engine): Chat | undefined {
  return engine.chat?.bind(engine) ?? overForward(engine, "/chat/completions");
}

/** The same for continuing a text. */
export function completeOf(engine: Engine): Complete | undefined {
  return engine.complete?.bind(engine) ?? overForward(engine, "/completions");
}

interface Streamable {
  stream?: boolean | null | undefined;
  stream_options?: object | null | undefined;
}

function overForward<Request extends Streamable, Whole extends object, Chunk extends object>(
  engine: Engine,
  path: string,
): ((request: Request, context: EngineContext) => EngineAnswer<Whole, Chunk>) | undefined {
  const forward = engine.forward?.bind(engine);
  if (!forward) return undefined;
  return async (request, context) => {
    const stream = request.stream === true;
    const asked = stream ? { ...request, stream_options: { ...request.stream_options, include_usage: true } } : request;
    const body = JSON.stringify(asked);
    const reply = await forward({ method: "POST", path, body, contentType: "application/json", stream }, context);
    if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
    return stream ? chunksOf<Chunk>(reply) : wholeOf<Whole>(reply);
  };
}

async function wholeOf<Whole extends object>({ body }: ForwardReply): Promise<Whole> {
  const json = isByteStream(body) ? await textOf(body) : new TextDecoder().decode(body);
  const answer = parsed<Whole>(json);
  if (isError(answer)) throw await reported(json);
  return answer;
}

async function textOf(body: ByteStream): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(typeof piece === "string" ? encoder.encode(piece) : piece);
  return new TextDecoder().decode(concatBytes(pieces));
}

async function* chunksOf<Chunk extends object>({ body }: ForwardReply): AsyncGenerator<Chunk> {
  const bytes = isByteStream(body) ? body : whole(body);
  let ended = false;
  try {
    for await (const { data } of readEvents(bytes, MAX_EVENT_LENGTH)) {
      ended = data === "[DONE]";
      if (ended) break;
      const chunk = parsed<Chunk>(data);
      if (isError(chunk)) throw await reported(data);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof RangeError ? engineFailed("The upstream sent an event that is too large.", error) : error;
  }
  if (!ended) throw engineFailed("The upstream's stream ended before it was complete.");
}

async function* whole(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function parsed<T extends object>(json: string): T {
  let value: T | null;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw engineFailed("The upstream's reply is not valid JSON.", cause);
  }
  if (typeof value !== "object" || value === null) throw engineFailed("The upstream's reply is not a JSON object.");
  return value;
}

function isError(answer: { error?: unknown }): boolean {
  return Boolean(answer.error);
}

/** What an upstream says under a 200, in its own words. */
function reported(json: string): Promise<ApiError> {
  return upstreamError({ status: 502, headers: {}, body: encoder.encode(json) });
}
