import type { ModelCall } from "../../../call.ts";
import type { EngineContext } from "../../../engine/engine.ts";
import type { Batch } from "../../../engine/pieces.ts";
import type { respondOf } from "../../../engine/respond-over-forward.ts";
import { ApiError } from "../../../errors/api-error.ts";
import { engineFailed } from "../../../errors/catalogue.ts";
import { discard, iterateUntilAborted, untilAborted } from "../../../http/abort.ts";
import type { ResolvedModel } from "../../../models/registry.ts";
import { noteSent } from "../../../observe/explanation.ts";
import { answeredIn } from "../responses.answered.ts";
import type { Draft } from "../responses.draft.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { outputWith } from "../responses.object.ts";
import type { OutputItem, ResponseObject } from "../responses.types.ts";
import { heldEvents, isLast } from "./held-events.ts";
import { createMeter, type Meter } from "./meter.ts";
import { createReleased } from "./released.ts";
import { createRenaming } from "./renaming.ts";
import { engineRequest } from "./request.ts";

type Respond = NonNullable<ReturnType<typeof respondOf>>;
type Answer = Awaited<ReturnType<Respond>>;

/** What the engine knows better than the request: what it did, and with which settings. */
const ITS_OWN = [
  "completed_at",
  "error",
  "incomplete_details",
  "max_output_tokens",
  "max_tool_calls",
  "model",
  "moderation",
  "parallel_tool_calls",
  "reasoning",
  "service_tier",
  "status",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "usage",
] as const satisfies (keyof ResponseObject)[];

/** Asks an engine that has Responses of its own; its events are told on under the outlet's ids. */
export async function* answerByEngine(
  call: ModelCall,
  respond: Respond,
  { engine, engineModel }: ResolvedModel,
  draft: Draft,
): AsyncGenerator<Batch<ResponseEvent>> {
  const { response } = draft;
  const { context, services, receipt } = call;
  const shown = (item: OutputItem) => outputWith(item, draft.request.include);
  const renaming = createRenaming({ responseId: response.id, engineModel, shown });
  const asked = engineRequest(draft, engineModel, receipt);
  if (receipt.explained) noteSent(receipt.explained, asked.request);
  const meter = createMeter(asked.request, services.tokenizer);
  const rule = services.policy?.outputRule(call, draft.request);
  const guard = rule?.guard;
  const released = guard && createReleased();
  try {
    // What a far side consumes for whoever does not wait for its answer, nobody else knows.
    if (!engine.respond) receipt.asked = true;
    const answer = await inTime(ask(respond, asked, context), context.signal);
    if (!isStream(answer)) {
      end(response, answer, renaming.item);
      const said = answeredIn(response.output);
      if (guard && said.length > 0 && !(await guard.passes(said.join("\n")))) withhold(response, []);
      await rule?.end([said.join("\n")]);
      return;
    }
    if (context.signal.aborted && !isList(answer)) discard(answer);
    let begun = false;
    const events = iterateUntilAborted(isList(answer) ? eventsOf(answer) : answer, context.signal);
    for await (const event of guard ? heldEvents(counted(events, meter), guard) : events) {
      if (event === null) {
        const { events: closing, output } = released?.close() ?? { events: [], output: [] };
        yield begun ? closing.map(renaming.event) : opening(response);
        withhold(response, output.map(renaming.item));
        return;
      }
      if (typeof event?.type !== "string") throw untyped();
      if (!begun) {
        begun = true;
        yield opening(response);
      }
      if ("response" in event) {
        if (!isLast(event)) continue;
        end(response, event.response, renaming.item);
        await rule?.end([answeredIn(response.output).join("\n")]);
        return;
      }
      if (released) released.add(event);
      else meter.read(event);
      yield [renaming.event(event)];
    }
    throw engineFailed("The model's answer ended before it was complete.");
  } finally {
    receipt.usage = meter.metered(response.usage);
  }
}

/**
 * Models that do not reason refuse to be asked for encrypted thoughts: they are asked again without. What the client asked for
 * itself stays refused.
 */
function ask(
  respond: Respond,
  { request, own }: ReturnType<typeof engineRequest>,
  context: EngineContext,
): Promise<Answer> {
  const answer = Promise.resolve(respond(request, context));
  if (request.include === own) return answer;
  return answer.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 400 || !isAboutInclude(error)) throw error;
    const { include: _, ...without } = request;
    return respond({ ...without, ...(own && { include: own }) }, context);
  });
}

/** The answer, unless the client leaves first; a stream that comes after that is ended. */
async function inTime(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  answer.then(
    (late) => {
      if (signal.aborted && isStream(late) && !isList(late)) discard(late);
    },
    () => {},
  );
  return await untilAborted(answer, signal);
}

function isAboutInclude({ param, message }: ApiError): boolean {
  return Boolean(param?.startsWith("include")) || /encrypted content/i.test(message);
}

type Stream = AsyncIterable<ResponseEvent> | readonly ResponseEvent[];

function isStream(answer: Answer): answer is Stream {
  return Array.isArray(answer) || Symbol.asyncIterator in answer;
}

function isList(answer: Stream): answer is readonly ResponseEvent[] {
  return Array.isArray(answer);
}

async function* eventsOf(list: readonly ResponseEvent[]): AsyncGenerator<ResponseEvent> {
  yield* list;
}

/** What was flagged is not in it, nor what came after. */
function withhold(response: ResponseObject, output: OutputItem[]): void {
  response.output = output;
  response.status = "incomplete";
  response.incomplete_details = { reason: "content_filter" };
  response.completed_at = null;
}

function untyped() {
  return engineFailed("The model sent an event without a type.");
}

/** The events, counted as the model says them. */
async function* counted(events: AsyncIterable<ResponseEvent>, meter: Meter): AsyncGenerator<ResponseEvent> {
  for await (const event of events) {
    if (typeof event?.type !== "string") throw untyped();
    meter.read(event);
    yield event;
  }
}

function opening(response: ResponseObject): Batch<ResponseEvent> {
  const begun = { ...response, output: [] };
  return [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
  ];
}

function end(
  response: ResponseObject,
  made: ResponseObject,
  renamed: (item: ResponseObject["output"][number]) => ResponseObject["output"][number],
): void {
  if (!Array.isArray(made?.output)) throw engineFailed("The model answered without a list of items.");
  const tier = response.service_tier;
  for (const name of ITS_OWN) if (made[name] !== undefined) Object.assign(response, { [name]: made[name] });
  // The far side of an instance knows nothing of it.
  if (tier === "scale") response.service_tier = tier;
  response.output = made.output.map(renamed);
  const { status } = response;
  if (status !== "completed" && status !== "incomplete" && status !== "failed") {
    throw engineFailed("The model's answer ended before it was complete.");
  }
}
