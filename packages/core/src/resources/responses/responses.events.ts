import type { Batch } from "../../engine/pieces.ts";
import type { ApiError } from "../../errors/api-error.ts";
import { sseEvent } from "../../http/sse.ts";
import { obfuscation } from "../obfuscation.ts";
import type {
  OutputItem,
  OutputRefusal,
  OutputText,
  ResponseObject,
  TokenLogprob,
  UrlCitation,
} from "./responses.types.ts";

// Events of https://platform.openai.com/docs/api-reference/responses-streaming, without their sequence numbers.

interface OfItem {
  item_id: string;
  output_index: number;
}
interface OfPart extends OfItem {
  content_index: number;
}
type Part = OutputText | OutputRefusal | { type: "reasoning_text"; text: string };

export type ResponseEvent =
  | {
      type: `response.${"created" | "queued" | "in_progress" | "completed" | "incomplete" | "failed"}`;
      response: ResponseObject;
    }
  | { type: `response.output_item.${"added" | "done"}`; output_index: number; item: OutputItem }
  | ({ type: `response.content_part.${"added" | "done"}`; part: Part } & OfPart)
  | ({ type: "response.output_text.delta"; delta: string; logprobs: TokenLogprob[] } & OfPart)
  | ({ type: "response.output_text.done"; text: string; logprobs: TokenLogprob[] } & OfPart)
  | ({ type: "response.output_text.annotation.added"; annotation_index: number; annotation: UrlCitation } & OfPart)
  | ({ type: "response.refusal.delta"; delta: string } & OfPart)
  | ({ type: "response.refusal.done"; refusal: string } & OfPart)
  | ({ type: "response.reasoning_text.delta"; delta: string } & OfPart)
  | ({ type: "response.reasoning_text.done"; text: string } & OfPart)
  | ({ type: "response.function_call_arguments.delta"; delta: string } & OfItem)
  | ({ type: "response.function_call_arguments.done"; name: string; arguments: string } & OfItem)
  | ({ type: "response.custom_tool_call_input.delta"; delta: string } & OfItem)
  | ({ type: "response.custom_tool_call_input.done"; input: string } & OfItem)
  | ({ type: "response.mcp_call_arguments.delta"; delta: string } & OfItem)
  | ({ type: "response.mcp_call_arguments.done"; arguments: string } & OfItem)
  | ({ type: `response.mcp_call.${"in_progress" | "completed" | "failed"}` } & OfItem)
  | ({ type: "response.compaction.compacting" } & OfItem)
  | ({ type: `response.mcp_list_tools.${"in_progress" | "completed"}` } & OfItem)
  | { type: "error"; code: string | null; message: string; param: string | null };

/** The event that says what went wrong after a stream had begun. */
export function errorEvent({ code, message, param }: ApiError): ResponseEvent {
  return { type: "error", code, message, param };
}

/** True for events of which one brings a part of the answer; others only announce it. */
export function saysSomething(events: Batch<ResponseEvent>): boolean {
  return events.some((event) => "delta" in event);
}

export interface EventWriter {
  /** The events' text, each with the next number. */
  write(events: Batch<ResponseEvent>): string;
}

/** Numbers events, from `first` on, and words them. Deltas are padded, unless the client does without. */
export function createEventWriter({ obfuscate, first = 0 }: { obfuscate: boolean; first?: number }): EventWriter {
  let next = first;
  return {
    write(events) {
      let text = "";
      for (const event of events) text += sseEvent(event.type, numbered(event, next++, obfuscate));
      return text;
    },
  };
}

/** The event's JSON; its number goes right behind the type, which is the first key of every event. */
function numbered(event: ResponseEvent, number: number, obfuscate: boolean): string {
  const json = JSON.stringify(event);
  const afterType = `{"type":"${event.type}"`.length;
  const body = `{"type":"${event.type}","sequence_number":${number}${json.slice(afterType)}`;
  if (!obfuscate || !("delta" in event)) return body;
  return `${body.slice(0, -1)},"obfuscation":"${obfuscation(event.delta)}"}`;
}
