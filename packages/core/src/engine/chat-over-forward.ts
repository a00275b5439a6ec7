import { engineFailed } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import type { Engine, EngineAnswer, EngineContext, ForwardReply } from "./engine.ts";
import { eventsOf, parsed, reportedError, textOf } from "./forwarded-reply.ts";

type Chat = NonNullable<Engine["chat"]>;
type Complete = NonNullable<Engine["complete"]>;
type Moderate = NonNullable<Engine["moderate"]>;

/** How an engine is asked to chat where core needs the answer itself: in its own way, or through a far side that speaks the protocol. */
export function chatOf(engine: Engine): Chat | undefined {
  return engine.chat?.bind(engine) ?? overForward(engine, "/chat/completions");
}

/** The same for continuing a text. */
export function completeOf(engine: Engine): Complete | undefined {
  return engine.complete?.bind(engine) ?? overForward(engine, "/completions");
}

/** The same for moderating. */
export function moderateOf(engine: Engine): Moderate | undefined {
  return engine.moderate?.bind(engine) ?? (overForward(engine, "/moderations") as Moderate | undefined);
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

async function wholeOf<Whole extends object>(reply: ForwardReply): Promise<Whole> {
  const json = await textOf(reply);
  const answer = parsed<Whole>(json);
  if (isError(answer)) throw await reportedError(json);
  return answer;
}

async function* chunksOf<Chunk extends object>(reply: ForwardReply): AsyncGenerator<Chunk> {
  let ended = false;
  for await (const { data } of eventsOf(reply)) {
    ended = data === "[DONE]";
    if (ended) break;
    const chunk = parsed<Chunk>(data);
    if (isError(chunk)) throw await reportedError(data);
    yield chunk;
  }
  if (!ended) throw engineFailed("The upstream's stream ended before it was complete.");
}

function isError(answer: { error?: unknown }): boolean {
  return Boolean(answer.error);
}
