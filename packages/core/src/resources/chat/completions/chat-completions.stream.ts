import type { CompletionIdentity } from "../../../chat/assemble-completion.ts";
import type { AnswerPiece } from "../../../chat/chat-pieces.ts";
import type { Batch } from "../../../engine/pieces.ts";
import { SSE_DONE } from "../../../http/sse.ts";
import { obfuscation } from "../../obfuscation.ts";
import type { ChatCompletionRequest } from "./chat-completions.schema.ts";
import type { ChatDelta, ChatModeration } from "./chat-completions.types.ts";

const OPENING = '{"role":"assistant","content":"","refusal":null}';

/**
 * Writes pieces as the events of https://platform.openai.com/docs/api-reference/chat-streaming, each piece as its own, what was
 * there at the same time as one text. What the events of a choice share is put into JSON once; a piece costs the JSON of
 * what is new in it. An event is joined from few and long parts: a text of a thousand short ones takes longer to write out
 * than to make.
 */
export function createChatEvents(
  request: ChatCompletionRequest,
  { id, created, tier: used }: CompletionIdentity,
): (batch: Batch<AnswerPiece>) => string {
  const includeUsage = request.stream_options?.include_usage === true;
  const obfuscate = request.stream_options?.include_obfuscation !== false;
  const tier = request.service_tier ? `,"service_tier":"${used}"` : "";
  const start = `data: {"id":"${id}","object":"chat.completion.chunk","created":${created},"model":`;
  const padding = obfuscate ? ',"obfuscation":"' : "";
  const afterChoice = `}]${includeUsage ? ',"usage":null' : ""}${padding}`;
  const afterDelta = `,"logprobs":null,"finish_reason":null${afterChoice}`;
  const afterText = `}${afterDelta}`;
  const end = (text: string) => (obfuscate ? `${obfuscation(text)}"}\n\n` : "}\n\n");

  const opened = new Set<number>();
  let model: string | undefined;
  let fingerprint: string | undefined;
  let head = "";
  let current = -1;
  /** What stands in front of the current choice's delta, and in front of its text where it says nothing else. */
  let beforeDelta = "";
  let beforeText = "";

  const update = ({ index, ...origin }: AnswerPiece) => {
    model = origin.model ?? model;
    fingerprint = origin.system_fingerprint ?? fingerprint;
    const print = fingerprint === undefined ? "" : `,"system_fingerprint":${JSON.stringify(fingerprint)}`;
    head = `${start}${JSON.stringify(model ?? request.model)}${tier}${print},"choices":[`;
    current = index;
    beforeDelta = `${head}{"index":${index},"delta":`;
    beforeText = `${beforeDelta}{"content":`;
  };

  /** An event of its own, without a choice. */
  const moderated = (moderation: ChatModeration) =>
    `${head}]${includeUsage ? ',"usage":null' : ""},"moderation":${JSON.stringify(moderation)}${padding}${end("")}`;

  const write = (piece: AnswerPiece): string => {
    const { index, delta, logprobs, finish_reason, moderation } = piece;
    if (index !== current || piece.model !== model || piece.system_fingerprint !== fingerprint) update(piece);
    if (piece.final) {
      const usage = `],"usage":${JSON.stringify(piece.usage ?? null)}${padding}`;
      return (includeUsage ? head + usage + end("") : "") + SSE_DONE;
    }
    if (moderation && !delta && !finish_reason) return moderated(moderation);
    let events = "";
    if (!opened.has(index)) {
      opened.add(index);
      events = beforeDelta + OPENING + afterDelta + end("");
    }
    const text = delta?.content ?? "";
    if (delta && !logprobs && saysOnlyText(delta)) {
      if (text !== "") events += beforeText + JSON.stringify(text) + afterText + end(text);
    } else {
      const news = delta && whatIsNew(delta);
      if (news) {
        const odds = logprobs ? JSON.stringify(logprobs) : "null";
        events += `${beforeDelta}${news},"logprobs":${odds},"finish_reason":null${afterChoice}${end(text)}`;
      }
    }
    if (finish_reason) {
      const reason = JSON.stringify(finish_reason);
      events += `${beforeDelta}{},"logprobs":null,"finish_reason":${reason}${afterChoice}${end("")}`;
    }
    if (moderation) events += moderated(moderation);
    return events;
  };

  return (batch) => {
    let events = "";
    for (const piece of batch) events += write(piece);
    return events;
  };
}

function isSaid(key: string, value: unknown): boolean {
  return key !== "role" && value !== null && value !== undefined && value !== "";
}

function saysOnlyText(delta: ChatDelta): boolean {
  for (const key in delta) if (key !== "content" && isSaid(key, delta[key as keyof ChatDelta])) return false;
  return true;
}

/** The JSON of what a delta says; `undefined` when it says nothing that the opening event has not said. */
function whatIsNew(delta: ChatDelta): string | undefined {
  const said = Object.entries(delta).filter(([key, value]) => isSaid(key, value));
  return said.length === 0 ? undefined : JSON.stringify(Object.fromEntries(said));
}
