import type { Stage } from "../engine/pieces.ts";
import { engineFailed } from "../errors/catalogue.ts";
import { mismatch } from "../json-schema/mismatch.ts";
import type { JsonSchema } from "../json-schema/schema.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import type { ChatPiece } from "./chat-pieces.ts";

/** What `response_format` asks of an answer's text. */
export interface ContentRule {
  readonly type: "json_object" | "json_schema";
  readonly name: string;
  readonly description: string | undefined;
  /** What the model is shown. */
  readonly schema: JsonSchema | undefined;
  /** The answer is held to the schema; else only to being JSON, and the schema is a hint, as in the API. */
  readonly strict: boolean;
}

export function contentRuleOf({ response_format }: ChatCompletionRequest): ContentRule | undefined {
  if (response_format?.type === "json_object") {
    return { type: "json_object", name: "answer", description: undefined, schema: undefined, strict: false };
  }
  if (response_format?.type !== "json_schema") return undefined;
  const { name, description, schema, strict } = response_format.json_schema;
  return { type: "json_schema", name, description, schema, strict: strict === true && schema !== undefined };
}

const NOT_JSON = "it is not valid JSON";

/** Why a text is not what was asked for. */
export function contentProblem({ schema, strict }: ContentRule, text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const found = strict && schema ? mismatch(schema, value) : undefined;
  return found && `${found.path ? `at '${found.path}': ` : ""}${found.message}`;
}

/** What a client is told of an answer that is not what it asked for. */
function contentFailure(rule: ContentRule, problem: string): string {
  if (!rule.strict) return "The model's answer is not the JSON that response_format asked for.";
  return `The model's answer does not match the schema of response_format: ${problem}.`;
}

/**
 * Fails a choice that is not what was asked for when it ends: better a clear error than a client's parse error.
 * @param mayBeCut the client has stop sequences, which may end the text anywhere
 */
export function checkingContent(rule: ContentRule, mayBeCut: boolean): Stage<ChatPiece> {
  let text = "";
  let excused = false;
  return {
    push(piece) {
      const { delta, finish_reason } = piece;
      if (delta) {
        text += delta.content ?? "";
        excused ||= Boolean(delta.tool_calls || delta.function_call || delta.refusal);
      }
      const problem = finish_reason === "stop" && !excused ? contentProblem(rule, text) : undefined;
      if (problem && !(mayBeCut && problem === NOT_JSON)) throw engineFailed(contentFailure(rule, problem));
      return piece;
    },
  };
}
