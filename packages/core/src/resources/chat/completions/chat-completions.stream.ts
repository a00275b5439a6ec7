import type { CompletionIdentity } from "../../../chat/assemble-completion.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { SSE_DONE } from "../../../http/sse.ts";
import { obfuscation } from "../../obfuscation.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatDelta } from "./chat-completions.types.ts";

const OPENING = '{"role":"assistant","content":"","refusal":null}';

/**
 * Writes pieces as the events of https://platform.openai.com/docs/api-reference/chat-streaming, each piece as its own, what was
 * there at the same time as one text. What all events of a stream share is put into JSON once; a piece costs the JSON of
 * what is new in it.
 */
export function createChatEvents(
  request: ChatCompletionRequest,
  { id, created }: CompletionIdentity,
): (batch: Batch<AnswerPiece>) => string {
  const includeUsage = request.stream_options?.include_usage === true;
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const tier = request.service_tier ? ',"service_tier":"default"' : "";
  const noUsage = includeUsage ? ',"usage":null' : "";
  const start = `data: {"id":"${id}","object":"chat.completion.chunk","created":${created},"model":`;
  const opened = new Set<number>();
  let model: string | undefined;
  let fingerprint: string | undefined;
  let head = "";

  const event = (choices: string, usage: string, text: string) => {
    const padding = obfuscate ? `,"obfuscation":"${obfuscation(text)}"` : "";
    return `${head}"choices":[${choices}]${usage}${padding}}\n\n`;
  };
  const choice = (index: number, delta: string, logprobs: string, finish: string) =>
    `{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}`;

  const write = (piece: AnswerPiece): string => {
    const { index, delta, logprobs, finish_reason } = piece;
    if (head === "" || piece.model !== model || piece.system_fingerprint !== fingerprint) {
      model = piece.model ?? model;
      fingerprint = piece.system_fingerprint ?? fingerprint;
      const print = fingerprint === undefined ? "" : `,"system_fingerprint":${JSON.stringify(fingerprint)}`;
      head = `${start}${JSON.stringify(model ?? request.model)}${tier}${print},`;
    }
    if (piece.final) {
      return (includeUsage ? event("", `,"usage":${JSON.stringify(piece.usage ?? null)}`, "") : "") + SSE_DONE;
    }
    let events = "";
    if (!opened.has(index)) {
      opened.add(index);
      events = event(choice(index, OPENING, "null", "null"), noUsage, "");
    }
    const news = delta && whatIsNew(delta);
    if (news) {
      const said = choice(index, news, logprobs ? JSON.stringify(logprobs) : "null", "null");
      events += event(said, noUsage, delta.content ?? "");
    }
    if (finish_reason) events += event(choice(index, "{}", "null", JSON.stringify(finish_reason)), noUsage, "");
    return events;
  };

  return (batch) => {
    let events = "";
    for (const piece of batch) events += write(piece);
    return events;
  };
}

/** The JSON of what a delta says; `undefined` when it says nothing that the opening event has not said. */
function whatIsNew(delta: ChatDelta): string | undefined {
  let news = "";
  for (const key in delta) {
    const value = delta[key as keyof ChatDelta];
    if (key === "role" || value === null || value === undefined || value === "") continue;
    const json: string | undefined = JSON.stringify(value);
    if (json !== undefined) news += `${news === "" ? "{" : ","}${JSON.stringify(key)}:${json}`;
  }
  return news === "" ? undefined : `${news}}`;
}
