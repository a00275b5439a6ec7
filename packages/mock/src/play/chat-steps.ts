import type { ChatDelta, ChatLogprobs, TokenLogprob } from "@outlet/core";
import type { Encoding } from "../tokens/encoding.ts";
import type { TokenizedText } from "../tokens/tokens.ts";
import type { FittedSaying } from "./fit-saying.ts";
import { tokenLogprob } from "./logprobs.ts";

/** What one chunk adds, and how many tokens it stands for. */
export interface ChatStep {
  readonly choices: readonly [{ index: 0; delta: ChatDelta; logprobs: ChatLogprobs | null; finish_reason: null }];
  readonly tokens: number;
}

export interface LogprobsWanted {
  top: number;
  encoding: Encoding;
}

const contentSteps = new WeakMap<TokenizedText, readonly ChatStep[]>();

/** An answer, one token a chunk. */
export function chatSteps(saying: FittedSaying, logprobs: LogprobsWanted | null): readonly ChatStep[] {
  const { content, refusal, calls, functionCall, extra } = saying;
  if (content && !refusal && calls.length === 0 && !functionCall && !extra && !logprobs) return plainSteps(content);
  const steps: ChatStep[] = [];
  if (extra) steps.push(step(extra as ChatDelta, 0));
  if (content) steps.push(...textSteps(content, (text) => ({ content: text }), logprobs, "content"));
  if (refusal) steps.push(...textSteps(refusal, (text) => ({ refusal: text }), logprobs, "refusal"));
  for (const [index, { id, type, name, text, nameTokens }] of calls.entries()) {
    const custom = type === "custom";
    const opening = custom ? { custom: { name, input: "" } } : { function: { name, arguments: "" } };
    steps.push(step({ tool_calls: [{ index, id, type, ...opening }] }, nameTokens));
    const more = (piece: string) => (custom ? { custom: { input: piece } } : { function: { arguments: piece } });
    steps.push(...textSteps(text, (piece) => ({ tool_calls: [{ index, ...more(piece) }] }), null, "content"));
  }
  if (functionCall) {
    steps.push(step({ function_call: { name: functionCall.name, arguments: "" } }, 1));
    steps.push(
      ...textSteps(functionCall.arguments, (piece) => ({ function_call: { arguments: piece } }), null, "content"),
    );
  }
  return steps;
}

/** Texts are remembered with their tokens, so the chunks of an answer given before are only sent again. */
function plainSteps(content: TokenizedText): readonly ChatStep[] {
  let steps = contentSteps.get(content);
  if (!steps) {
    steps = textSteps(content, (text) => ({ content: text }), null, "content");
    contentSteps.set(content, steps);
  }
  return steps;
}

function step(delta: ChatDelta, tokens: number, logprobs: ChatLogprobs | null = null): ChatStep {
  return { choices: [{ index: 0, delta, logprobs, finish_reason: null }], tokens };
}

function textSteps(
  { tokens, texts }: TokenizedText,
  deltaOf: (text: string) => ChatDelta,
  logprobs: LogprobsWanted | null,
  field: "content" | "refusal",
): ChatStep[] {
  const steps: ChatStep[] = [];
  let silent = 0;
  let held: TokenLogprob[] = [];
  for (const [i, text] of texts.entries()) {
    silent += 1;
    if (logprobs) held.push(tokenLogprob(tokens[i] as number, i, logprobs.top, logprobs.encoding));
    // A token that ends within a character says nothing yet; it goes out with the one that completes it.
    if (text === "") continue;
    const said: ChatLogprobs | null = logprobs ? { content: null, refusal: null, [field]: held } : null;
    steps.push(step(deltaOf(text), silent, said));
    silent = 0;
    held = [];
  }
  return steps;
}

/** Log probabilities of a whole answer. */
export function wholeLogprobs(saying: FittedSaying, { top, encoding }: LogprobsWanted): ChatLogprobs {
  const of = (text: TokenizedText | null) =>
    text && text.tokens.length > 0 ? text.tokens.map((token, i) => tokenLogprob(token, i, top, encoding)) : null;
  return { content: of(saying.content), refusal: of(saying.refusal) };
}
