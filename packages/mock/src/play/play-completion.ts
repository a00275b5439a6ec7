import type {
  Completion,
  CompletionChunk,
  CompletionLogprobs,
  EngineAnswer,
  EngineCompletionRequest,
} from "@outlet/core";
import { newId, unixSeconds } from "../ids.ts";
import type { ReplyFields } from "../script/rule.types.ts";
import { type Encoding, encodingFor } from "../tokens/encoding.ts";
import { countTokens, decodeTokens, firstTokens, type TokenizedText, tokenize } from "../tokens/tokens.ts";
import { stopAt } from "./fit-saying.ts";
import { alternativesTo, logprobOf, tokenText } from "./logprobs.ts";
import { isUnhurried, type Pace, takeTime } from "./pacing.ts";
import { atOnce, spread } from "./play-chat.ts";
import { usageOf } from "./usage.ts";

const END_OF_TEXT = "<|endoftext|>";

interface CompletionStep {
  text: string;
  tokens: number;
  logprobs: CompletionLogprobs | null;
}

/** A prompt's text, tokens decoded. The token that separates documents, which stands for no prompt, is none. */
export function promptText({ prompt, model }: EngineCompletionRequest): string {
  const text = typeof prompt === "string" ? prompt : decodeTokens(prompt, encodingFor(model));
  return text === END_OF_TEXT ? "" : text;
}

/** Gives a text the form that the request asks for: whole, or one token a chunk. */
export function playCompletion(
  text: string,
  reply: ReplyFields,
  request: EngineCompletionRequest,
  pace: Pace,
  signal: AbortSignal,
): EngineAnswer<Completion, CompletionChunk> {
  const encoding = encodingFor(request.model);
  const { prompt, max_tokens } = request;
  const limit = max_tokens ?? 16;
  const stopped = stopAt(text, [request.stop ?? []].flat());
  const whole = tokenize(stopped.text ?? "", encoding);
  const cut = whole.tokens.length > limit;
  const said = cut ? firstTokens(whole, limit) : whole;
  const finish = cut
    ? "length"
    : reply.finishReason === "length"
      ? "length"
      : reply.finishReason === "content_filter"
        ? "content_filter"
        : "stop";
  const promptTokens =
    typeof prompt !== "string" ? prompt.length : prompt === END_OF_TEXT ? 1 : countTokens(prompt, encoding);
  const usage = usageOf(promptTokens, said.tokens.length, 0, reply.usage);
  const head = {
    id: newId("cmpl-"),
    object: "text_completion",
    created: unixSeconds(),
    model: reply.model ?? request.model,
    ...(reply.systemFingerprint !== undefined && { system_fingerprint: reply.systemFingerprint }),
  } as const;

  const before = promptText(request);
  const top = request.logprobs ?? null;
  const steps = textSteps(said, before.length, top, encoding);
  if (request.echo && before !== "") {
    const [echoed] = wholeStep(tokenize(before, encoding), 0, top, encoding);
    if (echoed) steps.unshift({ ...echoed, tokens: 0 });
  }
  const last: CompletionChunk = {
    ...head,
    choices: [{ index: 0, text: "", logprobs: null, finish_reason: finish }],
    usage,
  };
  const chunkOf = (step: CompletionStep): CompletionChunk => ({
    ...head,
    choices: [{ index: 0, text: step.text, logprobs: step.logprobs, finish_reason: null }],
  });
  if (request.stream || steps.length === 0) {
    return isUnhurried(pace) ? atOnce(steps, chunkOf, last) : spread(steps, chunkOf, last, pace, signal);
  }
  const answer: Completion = { ...head, choices: [{ index: 0, ...joined(steps), finish_reason: finish }], usage };
  return isUnhurried(pace) ? answer : takeTime(said.tokens.length, pace, signal).then(() => answer);
}

function textSteps({ tokens, texts }: TokenizedText, offset: number, top: number | null, encoding: Encoding) {
  const steps: CompletionStep[] = [];
  let from = 0;
  let at = offset;
  for (const [i, text] of texts.entries()) {
    if (text === "") continue;
    const own = tokens.slice(from, i + 1);
    steps.push({
      text,
      tokens: own.length,
      logprobs: top === null ? null : logprobsOf(own, from, at, text, top, encoding),
    });
    at += text.length;
    from = i + 1;
  }
  return steps;
}

/** A text as a single step. */
function wholeStep(text: TokenizedText, offset: number, top: number | null, encoding: Encoding): CompletionStep[] {
  const steps = textSteps(text, offset, top, encoding);
  return steps.length === 0 ? [] : [{ tokens: text.tokens.length, ...joined(steps) }];
}

/** Tokens that share one character stand at its offset. */
function logprobsOf(
  tokens: readonly number[],
  position: number,
  offset: number,
  text: string,
  top: number,
  encoding: Encoding,
): CompletionLogprobs {
  const names = tokens.length === 1 ? [text] : tokens.map((token) => tokenText(token, encoding));
  return {
    tokens: names,
    token_logprobs: tokens.map((token, i) => logprobOf(token, position + i)),
    ...(top > 0 && {
      top_logprobs: tokens.map((token, i) =>
        Object.fromEntries([
          [names[i] as string, logprobOf(token, position + i)],
          ...alternativesTo(token, names[i] as string, position + i, top - 1),
        ]),
      ),
    }),
    text_offset: tokens.map(() => offset),
  };
}

function joined(steps: readonly CompletionStep[]): { text: string; logprobs: CompletionLogprobs | null } {
  const text = steps.map((step) => step.text).join("");
  if (!steps[0]?.logprobs) return { text, logprobs: null };
  const all = steps.map((step) => step.logprobs as CompletionLogprobs);
  return {
    text,
    logprobs: {
      tokens: all.flatMap(({ tokens }) => tokens ?? []),
      token_logprobs: all.flatMap(({ token_logprobs }) => token_logprobs ?? []),
      ...(all[0]?.top_logprobs && { top_logprobs: all.flatMap(({ top_logprobs }) => top_logprobs ?? []) }),
      text_offset: all.flatMap(({ text_offset }) => text_offset ?? []),
    },
  };
}
