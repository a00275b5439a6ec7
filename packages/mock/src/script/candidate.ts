import type { EngineContext } from "@outlet/core";
import type { RequestUnderWay } from "../requests-under-way.ts";
import type { RequestView } from "./request-view.ts";
import type { MockContext } from "./rule.types.ts";

/** A request that rules are held against: its view, and what the mock's own server knows of it. */
export interface Candidate {
  readonly view: RequestView;
  readonly engine: EngineContext;
  readonly underWay: RequestUnderWay | undefined;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

export function headersOf({ underWay }: Candidate): Readonly<Record<string, string>> {
  return underWay?.call.headers ?? NO_HEADERS;
}

/** The whole body as the client sent it. */
export function bodyOf({ view, underWay }: Candidate): unknown {
  return underWay?.call.body ?? view.request;
}

/** What a rule's functions are told. @param count how many requests the rule has answered before */
export function contextOf(candidate: Candidate, count: number): MockContext {
  const { view, engine } = candidate;
  return {
    operation: view.operation,
    model: view.request.model,
    user: view.user,
    system: view.system,
    toolResults: view.toolResults,
    turn: view.turn,
    step: view.step,
    headers: headersOf(candidate),
    count,
    requestId: engine.requestId,
    signal: engine.signal,
  };
}
