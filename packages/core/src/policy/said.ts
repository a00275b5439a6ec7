import type { Call } from "../call.ts";
import { unsupportedParameter } from "../errors/catalogue.ts";
import { type ModerationInput, moderationContent } from "../moderation/content.ts";

/**
 * Where operations take what a model is asked about, or what is kept to be asked about later; the first is what a refusal names. An operation that
 * is not here takes nothing of the kind.
 */
const SAID: Readonly<Record<string, readonly [string, ...string[]]>> = {
  createChatCompletion: ["messages", "tools", "functions", "response_format", "prediction"],
  createCompletion: ["prompt", "suffix"],
  createEmbedding: ["input"],
  createResponse: ["input", "instructions", "prompt", "tools", "text"],
  Compactconversation: ["input", "instructions"],
  createConversation: ["items"],
  createConversationItems: ["items"],
};

/** Operations whose answers a model says. */
const ANSWERED: ReadonlySet<string> = new Set(["createChatCompletion", "createCompletion", "createResponse"]);

/** Whether an operation takes something that is judged. */
export function isSaid(operation: string): boolean {
  return Object.hasOwn(SAID, operation);
}

/** Whether an operation gives something that is judged. */
export function isAnswered(operation: string): boolean {
  return ANSWERED.has(operation);
}

interface Said {
  /** The parameter that a refusal names. */
  readonly param: string;
  readonly inputs: readonly ModerationInput[];
}

/**
 * What a call says; `null` for nothing.
 * @throws ApiError 400 for tokens that nobody here can read
 */
export function saidIn({ operation, body, services }: Pick<Call, "operation" | "body" | "services">): Said | null {
  const names = SAID[operation.id];
  if (!names) return null;
  const parameters = (body ?? {}) as Record<string, unknown>;
  const { decode } = services.tokenizer;
  const readable = names.map((name) => {
    const value = parameters[name];
    if (!Array.isArray(value) || !hasTokens(value)) return value;
    if (!decode) throw unsupportedParameter(name, String(parameters.model), "Its input is moderated; send text.");
    const texts = typeof value[0] === "number" ? [value as number[]] : (value as number[][]);
    return texts.map((tokens) => decode(tokens));
  });
  const inputs = moderationContent(...readable);
  return inputs.length === 0 ? null : { param: names[0], inputs };
}

function hasTokens([first]: readonly unknown[]): boolean {
  return typeof first === "number" || (Array.isArray(first) && typeof first[0] === "number");
}
