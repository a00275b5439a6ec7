import type { Stage } from "../engine/pieces.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { newId } from "../ids.ts";
import { mismatch } from "../json-schema/mismatch.ts";
import type { JsonSchema } from "../json-schema/schema.ts";
import type { ChatTool } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatToolCallDelta } from "../resources/chat/completions/chat-completions.types.ts";
import type { ChatPiece } from "./chat-pieces.ts";

interface OpenCall {
  readonly index: number;
  /** The id that the engine gave, if it did. */
  readonly given: string | undefined;
}

/**
 * Puts an engine's tool calls in order: indexes without gaps, an id for every call, and id, type and name in a call's first
 * delta only. Without `parallel` there is one call: what the engine says of others is left out.
 */
export function orderingToolCalls({ parallel, named }: { parallel: boolean; named: boolean }): Stage<ChatPiece> {
  const open = new Map<number, OpenCall>();
  let calls = 0;
  const ordered = (part: ChatToolCallDelta): ChatToolCallDelta | undefined => {
    const known = open.get(part.index);
    const isNew = !known || (part.id && known.given !== undefined && part.id !== known.given);
    if (!isNew) return known.index > 0 && !parallel ? undefined : continued(part, known.index);
    const call = { index: calls, given: part.id || undefined };
    calls += 1;
    open.set(part.index, call);
    return call.index > 0 && !parallel ? undefined : opening(part, call);
  };
  return {
    push(piece) {
      const { delta, finish_reason } = piece;
      const kept = delta?.tool_calls?.flatMap((part) => ordered(part) ?? []);
      // A call that was asked for by name ends in `stop`, as the API has it; any other says what it is.
      const finish = finish_reason === "stop" && calls > 0 && !named ? "tool_calls" : finish_reason;
      if (!delta || !kept) return finish === finish_reason ? piece : { ...piece, finish_reason: finish };
      const { tool_calls: _calls, ...rest } = delta;
      return { ...piece, finish_reason: finish, delta: kept.length > 0 ? { ...rest, tool_calls: kept } : rest };
    },
  };
}

function opening(part: ChatToolCallDelta, { index, given = newId("call_") }: OpenCall): ChatToolCallDelta {
  const head = { ...part, index, id: given };
  if (part.custom) return { ...head, type: "custom", custom: { ...part.custom, input: part.custom.input ?? "" } };
  return { ...head, type: "function", function: { ...part.function, arguments: part.function?.arguments ?? "" } };
}

function continued(
  { id: _id, type: _type, function: called, custom, ...rest }: ChatToolCallDelta,
  index: number,
): ChatToolCallDelta | undefined {
  const text = called?.arguments ?? custom?.input ?? "";
  if (text === "") return undefined;
  return { ...rest, index, ...(custom ? { custom: { input: text } } : { function: { arguments: text } }) };
}

/** The schemas that a request's functions are to be called by to the letter. */
export function strictFunctions(tools: readonly ChatTool[]): ReadonlyMap<string, JsonSchema> {
  return new Map(
    tools.flatMap((tool) =>
      tool.type === "function" && tool.function.strict ? [[tool.function.name, tool.function.parameters ?? {}]] : [],
    ),
  );
}

/** Why a strict function cannot be called with these arguments. */
export function argumentsProblem(schema: JsonSchema, text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "they are not valid JSON";
  }
  const found = mismatch(schema, value);
  return found && `${found.path ? `at '${found.path}': ` : ""}${found.message}`;
}

/** Holds what an engine calls strict functions with against their schemas, when it has said all of it. */
export function checkingArguments(functions: ReadonlyMap<string, JsonSchema>): Stage<ChatPiece> {
  const calls: { name: string; text: string }[] = [];
  return {
    push(piece) {
      for (const { index, function: called } of piece.delta?.tool_calls ?? []) {
        calls[index] ??= { name: called?.name ?? "", text: "" };
        (calls[index] as { text: string }).text += called?.arguments ?? "";
      }
      if (piece.finish_reason !== "tool_calls" && piece.finish_reason !== "stop") return piece;
      for (const { name, text } of calls.filter(Boolean)) {
        const schema = functions.get(name);
        const problem = schema && argumentsProblem(schema, text);
        if (problem)
          throw engineFailed(`The model called '${name}' with arguments that do not match its schema: ${problem}.`);
      }
      return piece;
    },
  };
}
