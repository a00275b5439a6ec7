import { type Guard, heldBack } from "../../../engine/held-back.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { textsIn } from "../../../moderation/content.ts";
import { answeredIn } from "../responses.answered.ts";
import type { ResponseEvent } from "../responses.events.ts";

/** An event, or in place of all that was withheld, none. */
interface HeldEvent {
  readonly index: 0;
  readonly finish_reason: boolean;
  readonly event: ResponseEvent | null;
}

/** An engine's events, held back until what they tell of has passed. Where it does not, `null` ends them. */
export async function* heldEvents(
  events: AsyncIterable<ResponseEvent>,
  guard: Guard,
): AsyncGenerator<ResponseEvent | null> {
  const said = createListener();
  const held = heldBack(batchesOf(events), guard, {
    said: ({ event }) => (event ? said(event) : ""),
    blocked: (): HeldEvent => ({ index: 0, finish_reason: true, event: null }),
  });
  for await (const batch of held) for (const { event } of batch) yield event;
}

async function* batchesOf(events: AsyncIterable<ResponseEvent>): AsyncGenerator<Batch<HeldEvent>> {
  for await (const event of events) {
    const ends = "response" in event && isLast(event);
    yield [{ index: 0, finish_reason: ends, event }];
  }
}

export function isLast({ type }: ResponseEvent): boolean {
  return type === "response.completed" || type === "response.incomplete" || type === "response.failed";
}

/** What is bytes and no text. */
const BYTES = ["response.image_generation_call.", "response.audio.delta"];

/** Hears each text once: what is told as it comes is told again when it is over, and in the end. */
function createListener(): (event: ResponseEvent) => string {
  let heard = "";
  const news = (texts: readonly string[]) => {
    const unheard = texts.filter((text) => !heard.includes(text)).join("\n");
    if (unheard !== "") heard += `\n${unheard}`;
    return unheard;
  };
  return (event) => {
    if (BYTES.some((prefix) => event.type.startsWith(prefix))) return "";
    if ("delta" in event && typeof event.delta === "string") {
      heard += event.delta;
      return event.delta;
    }
    if ("response" in event)
      return isLast(event) && Array.isArray(event.response?.output) ? news(answeredIn(event.response.output)) : "";
    if ("item" in event) return event.item ? news(answeredIn([event.item])) : "";
    return news(textsIn(event));
  };
}
