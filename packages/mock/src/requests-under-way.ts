import { createNote } from "./note.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** What the mock's own server knows of a request that its engine cannot see. */
export interface RequestUnderWay {
  /** The headers and the body as the client sent them. */
  readonly call: Pick<RecordedCall, "headers" | "body">;
  /** Name of the rule that answered. */
  rule: string | null;
  /** Set as soon as it is known that the answer will end in a cut connection. */
  willCut: boolean;
  /** Set when it has come to that. */
  cut: boolean;
}

const underWay = createNote<AbortSignal, RequestUnderWay>("request under way");

/** A request and the engine calls that it leads to share one signal, whatever outlet is between them. */
export function announce(signal: AbortSignal, request: RequestUnderWay): void {
  underWay.leave(signal, request);
}

export function requestUnderWay(signal: AbortSignal): RequestUnderWay | undefined {
  return underWay.of(signal);
}
