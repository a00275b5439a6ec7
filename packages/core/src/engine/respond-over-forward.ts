import { engineFailed } from "../errors/catalogue.ts";
import { upstreamError } from "../errors/upstream.ts";
import type { ResponseEvent } from "../resources/responses/responses.events.ts";
import type { ResponseObject } from "../resources/responses/responses.types.ts";
import type { Engine, ForwardReply } from "./engine.ts";
import { eventsOf, parsed, reportedError, textOf } from "./forwarded-reply.ts";

type Respond = NonNullable<Engine["respond"]>;

/** How an engine is asked for a response: in its own way, or through a far side that has Responses; `undefined` for one that only chats. */
export function respondOf(engine: Engine): Respond | undefined {
  if (engine.respond) return engine.respond.bind(engine);
  const forward = engine.responses ? engine.forward?.bind(engine) : undefined;
  if (!forward) return undefined;
  return async (request, context) => {
    const stream = request.stream === true;
    const body = JSON.stringify(request);
    const path = "/responses";
    const reply = await forward({ method: "POST", path, body, contentType: "application/json", stream }, context);
    if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
    return stream ? responseEvents(reply) : wholeResponse(reply);
  };
}

async function wholeResponse(reply: ForwardReply): Promise<ResponseObject> {
  const json = await textOf(reply);
  const response = parsed<ResponseObject>(json);
  // A response that failed has an `error` of its own.
  if (response.error && response.object !== "response") throw await reportedError(json);
  return response;
}

const LAST = new Set(["response.completed", "response.incomplete", "response.failed"]);

async function* responseEvents(reply: ForwardReply): AsyncGenerator<ResponseEvent> {
  let ended = false;
  for await (const { data } of eventsOf(reply)) {
    if (data === "[DONE]") break;
    const event = parsed<ResponseEvent>(data);
    if (event.type === "error") throw await reportedError(data);
    ended = LAST.has(event.type);
    yield event;
    if (ended) break;
  }
  if (!ended) throw engineFailed("The upstream's stream ended before it was complete.");
}
