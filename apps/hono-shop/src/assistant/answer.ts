import OpenAI from "openai";
import type { ResponseFunctionToolCall, ResponseInputItem } from "openai/resources/responses/responses";
import { type BasketView, viewBasket } from "../basket/basket.ts";
import type { Search } from "../catalogue/search.ts";
import type { Limits, Part, Session, Turn } from "../session/sessions.ts";
import { discard, NEW_THREAD, retold, type Thread } from "./thread.ts";
import { runTool, toolDefinitions } from "./tools.ts";

export interface Assistant {
  /** The official SDK, pointed at the outlet. */
  client: OpenAI;
  /** Model id that the outlet knows. */
  model: string;
  /** In front of every conversation. */
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
  const before = session.answering;
  const ending = Promise.withResolvers<void>();
  const answering = { stop, ended: ending.promise };
  session.answering = answering;
  try {
    // One answer at a time: a new question, also from another tab, ends the answer before it.
    before?.stop.abort();
    await before?.ended;
    yield* answer(assistant, session, question, stop.signal);
  } finally {
    if (session.answering === answering) session.answering = null;
    ending.resolve();
  }
}

/** Forgets the conversation, here and in the API; the basket stays. */
export async function forget({ client }: Assistant, session: Session): Promise<void> {
  session.answering?.stop.abort();
  await session.answering?.ended;
  const { responses } = session.thread;
  session.turns = [];
  session.thread = NEW_THREAD;
  await discard(client, responses);
}

async function* answer(
  assistant: Assistant,
  session: Session,
  question: string,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const { client, limits } = assistant;
  const turn: Turn = { question, parts: [] };
  const { thread: before, turns } = session;
  const newest = turns.slice(-Math.ceil(limits.maxTurns / 2));
  let renewed = before.turns >= limits.maxTurns;
  session.turns = [...turns, turn].slice(-limits.maxTurns);
  goOn(session, renewed ? retold(newest) : before, question);
  try {
    for (let round = 0; ; round++) {
      const mayCall = round < limits.maxRounds;
      let calls: ResponseFunctionToolCall[];
      try {
        calls = yield* speak(assistant, session, turn, mayCall, signal);
      } catch (error) {
        if (round > 0 || !isLost(error)) throw error;
        renewed = true;
        goOn(session, retold(newest), question);
        calls = yield* speak(assistant, session, turn, mayCall, signal);
      }
      if (calls.length === 0) break;
      yield* work(assistant, session, turn, calls, signal);
    }
  } catch (error) {
    if (!signal.aborted) {
      const failed = session.thread.responses.filter((id) => !before.responses.includes(id));
      session.turns = session.turns.filter((other) => other !== turn);
      session.thread = before;
      await discard(client, failed);
      throw error;
    }
  }
  if (signal.aborted) turn.stopped = true;
  if (renewed) await discard(client, before.responses);
}

function goOn(session: Session, from: Thread, question: string): void {
  session.thread = { ...from, turns: from.turns + 1 };
  add(session, { role: "user", content: question });
}

/** The store has forgotten what the thread goes on from: one in memory has only so much room. */
function isLost(error: unknown): boolean {
  return error instanceof OpenAI.APIError && error.code === "previous_response_not_found";
}

/** One request to the model: yields its words, returns the tools that it calls. */
async function* speak(
  { client, model, instructions, limits }: Assistant,
  session: Session,
  turn: Turn,
  mayCall: boolean,
  signal: AbortSignal,
): AsyncGenerator<Piece, ResponseFunctionToolCall[]> {
  const { thread } = session;
  const stream = client.responses.stream(
    {
      model,
      instructions,
      // The API has all that came before; only what is new is sent.
      previous_response_id: thread.responses.at(-1) ?? null,
      input: [...thread.unsent],
      tools: toolDefinitions,
      tool_choice: mayCall ? "auto" : "none",
      max_output_tokens: limits.maxAnswerTokens,
    },
    { signal },
  );
  let said = "";
  try {
    for await (const event of stream) {
      if (event.type !== "response.output_text.delta" && event.type !== "response.refusal.delta") continue;
      said += event.delta;
      append(turn, event.delta);
      yield { text: event.delta };
    }
    const { id, output } = await stream.finalResponse();
    session.thread = { ...thread, responses: [...thread.responses, id], unsent: [] };
    return output.filter((item) => item.type === "function_call");
  } catch (error) {
    // A response that was left is not kept: the model is to know what the person has read of it.
    if (signal.aborted && said) add(session, { role: "assistant", content: said });
    throw error;
  }
}

/** Runs the tools in the order in which they were called: one may need what the one before it has done. */
async function* work(
  { search }: Assistant,
  session: Session,
  turn: Turn,
  calls: readonly ResponseFunctionToolCall[],
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const { basket } = session;
  // Every call needs its output before the model can be asked again, also in a later turn.
  const stopped = JSON.stringify({ error: "Stopped before this was done." });
  const outputs = calls.map(({ call_id }) => ({ type: "function_call_output" as const, call_id, output: stopped }));
  add(session, ...outputs);
  for (const [index, call] of calls.entries()) {
    signal.throwIfAborted();
    const before = JSON.stringify(viewBasket(basket));
    const { result, step } = await runTool(call.name, call.arguments, { search, basket, signal });
    (outputs[index] as { output: string }).output = JSON.stringify(result);
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

function add(session: Session, ...items: ResponseInputItem[]): void {
  session.thread = { ...session.thread, unsent: [...session.thread.unsent, ...items] };
}
