import type OpenAI from "openai";
import { type BasketView, viewBasket } from "../basket/basket.ts";
import type { Search } from "../catalogue/search.ts";
import type { Limits, Part, Session, Turn } from "../session/sessions.ts";
import { runTool, toolDefinitions } from "./tools.ts";

export interface Assistant {
  /** The official SDK, pointed at the outlet. */
  client: OpenAI;
  /** Model id that the outlet knows. */
  model: string;
  /** System message in front of every conversation. */
  instructions: string;
  search: Search;
  limits: Limits;
}

/** What comes of a question, piece by piece: words, steps, and the basket when it has changed. */
export type Piece = Part | { basket: BasketView };

/**
 * Asks the model, does what its tool calls say and asks again, until it answers in words. `stop` ends it early: what was
 * said until then is kept. A turn that fails is forgotten, so that asking again is the same question again; what it has
 * done to the basket stays done.
 *
 * @throws what the SDK throws, except for a stop.
 */
export async function* ask(
  assistant: Assistant,
  session: Session,
  question: string,
  stop: AbortController,
): AsyncGenerator<Piece> {
  // One answer at a time: a new question, also from another tab, ends the answer before it.
  session.answering?.abort();
  session.answering = stop;
  const turn: Turn = { question, parts: [], messages: [] };
  session.turns = [...session.turns, turn].slice(-assistant.limits.maxTurns);
  try {
    for (let round = 0; ; round++) {
      const calls = yield* speak(assistant, session, turn, round < assistant.limits.maxRounds, stop.signal);
      if (calls.length === 0) return;
      yield* work(assistant, session, turn, calls, stop.signal);
    }
  } catch (error) {
    if (stop.signal.aborted) return;
    session.turns = session.turns.filter((other) => other !== turn);
    throw error;
  } finally {
    if (stop.signal.aborted) turn.stopped = true;
    if (session.answering === stop) session.answering = null;
  }
}

/** One request to the model: yields its words, returns the tools that it calls. */
async function* speak(
  { client, model, instructions, limits }: Assistant,
  session: Session,
  turn: Turn,
  mayCall: boolean,
  signal: AbortSignal,
): AsyncGenerator<Piece, OpenAI.ChatCompletionMessageFunctionToolCall[]> {
  const stream = client.chat.completions.stream(
    {
      model,
      messages: [{ role: "system", content: instructions }, ...session.turns.flatMap(asMessages)],
      tools: toolDefinitions,
      tool_choice: mayCall ? "auto" : "none",
      max_completion_tokens: limits.maxAnswerTokens,
    },
    { signal },
  );
  let said = "";
  try {
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (!text) continue;
      said += text;
      append(turn, text);
      yield { text };
    }
  } catch (error) {
    // The model is to know what the person has read.
    if (signal.aborted && said) turn.messages.push({ role: "assistant", content: said });
    throw error;
  }
  const { content, tool_calls } = await stream.finalMessage();
  const calls = tool_calls?.filter((call) => call.type === "function") ?? [];
  if (calls.length === 0) turn.messages.push({ role: "assistant", content: content ?? "" });
  else turn.messages.push({ role: "assistant", content, tool_calls: calls });
  return calls;
}

/** Runs the tools in the order in which they were called: one may need what the one before it has done. */
async function* work(
  { search }: Assistant,
  { basket }: Session,
  turn: Turn,
  calls: readonly OpenAI.ChatCompletionMessageFunctionToolCall[],
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  // Every call needs its result before the model can be asked again, also in a later turn.
  const content = JSON.stringify({ error: "Stopped before this was done." });
  const results = calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content }));
  turn.messages.push(...results);
  for (const [index, call] of calls.entries()) {
    signal.throwIfAborted();
    const before = JSON.stringify(viewBasket(basket));
    const { result, step } = await runTool(call.function.name, call.function.arguments, { search, basket, signal });
    (results[index] as { content: string }).content = JSON.stringify(result);
    if (step !== undefined) {
      turn.parts.push({ step });
      yield { step };
    }
    const after = viewBasket(basket);
    if (JSON.stringify(after) !== before) yield { basket: after };
  }
}

function append({ parts }: Turn, text: string): void {
  const last = parts.at(-1);
  if (last && "text" in last) last.text += text;
  else parts.push({ text });
}

const asMessages = ({ question, messages }: Turn): OpenAI.ChatCompletionMessageParam[] => [
  { role: "user", content: question },
  ...messages,
];
