import type { Batch } from "../engine/pieces.ts";
import { engineFailed } from "../errors/catalogue.ts";
import type { ChatMessage } from "../resources/chat/completions/chat-completions.schema.ts";
import type {
  ChatChoice,
  ChatCompletionMessage,
  ChatDelta,
  ChatToolCall,
  ChatToolCallDelta,
} from "../resources/chat/completions/chat-completions.types.ts";
import { collectChoice } from "./assemble-completion.ts";
import type { ChatPiece } from "./chat-pieces.ts";
import { type Expected, readAnswer } from "./read-answer.ts";

/** How often a model is told what was wrong with its answer and asked again. */
const MAX_REPAIRS = 2;

/** Asks for a choice; `attempt` counts from 0. */
export type AskAgain = (messages: readonly ChatMessage[], attempt: number) => AsyncIterable<Batch<ChatPiece>>;

/**
 * Answers that are read whole before any of them is sent, and asked for again when they are not what was expected. What can be
 * used goes out in pieces.
 */
export async function* repairedPieces(
  index: number,
  messages: readonly ChatMessage[],
  expected: Expected,
  ask: AskAgain,
): AsyncGenerator<Batch<ChatPiece>> {
  let asked = messages;
  let problem = "";
  for (let attempt = 0; attempt <= MAX_REPAIRS; attempt++) {
    const { choice, origin } = await collectChoice(index, ask(asked, attempt));
    const reading = readAnswer(expected, choice);
    if ("choice" in reading) {
      yield inPieces(reading.choice).map((piece) => ({ ...origin, ...piece }));
      return;
    }
    problem = reading.problem;
    asked = withAdvice(messages, choice.message, problem);
  }
  throw engineFailed(`The model's answer could not be used, nor could ${MAX_REPAIRS} repaired ones: ${problem}.`);
}

/** The conversation, with the answer that could not be used and why. Only the last one: its forerunners would mislead. */
function withAdvice(
  messages: readonly ChatMessage[],
  { content, tool_calls = [] }: ChatCompletionMessage,
  problem: string,
): ChatMessage[] {
  const advice = `That answer cannot be used: ${problem}. Give the whole answer again, in the form that was asked for, and nothing else.`;
  if (tool_calls.length > 0) {
    const results = tool_calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: advice }));
    return [...messages, { role: "assistant", content, tool_calls }, ...results];
  }
  const answer = content ? [{ role: "assistant" as const, content }] : [];
  return [...messages, ...answer, { role: "user", content: advice }];
}

/** Characters of a piece of an answer that was held until it was whole. */
const PIECE_LENGTH = 48;

function inPieces({ index, message, logprobs, finish_reason }: ChatChoice): ChatPiece[] {
  const { role: _role, content, tool_calls = [], ...rest } = message;
  const pieces: ChatPiece[] = slices(content ?? "").map((slice) => ({ index, delta: { content: slice } }));
  for (const [at, call] of tool_calls.entries()) {
    pieces.push(...callDeltas(call, at).map((delta) => ({ index, delta: { tool_calls: [delta] } })));
  }
  const last: ChatPiece = { index, delta: rest as ChatDelta, finish_reason };
  if (logprobs) last.logprobs = logprobs;
  return [...pieces, last];
}

function callDeltas(call: ChatToolCall, index: number): ChatToolCallDelta[] {
  if (call.type === "custom") {
    const [first = "", ...more] = slices(call.custom.input);
    const { name } = call.custom;
    return [
      { index, id: call.id, type: "custom", custom: { name, input: first } },
      ...more.map((input) => ({ index, custom: { input } })),
    ];
  }
  const { name, arguments: text } = call.function;
  const opening = { index, id: call.id, type: "function" as const, function: { name, arguments: "" } };
  return [opening, ...slices(text).map((slice) => ({ index, function: { arguments: slice } }))];
}

/** A text in pieces that no character is torn between. */
function slices(text: string): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at + PIECE_LENGTH - 1);
    const end = at + PIECE_LENGTH - (code >= 0xd800 && code < 0xdc00 ? 1 : 0);
    out.push(text.slice(at, end));
    at = end;
  }
  return out;
}
