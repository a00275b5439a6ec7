import {
  type EngineModerationRequest,
  type EngineModerations,
  type ModerationCategory,
  type ModerationPart,
  type ModerationScores,
  moderationInputs,
  moderationVerdict,
} from "@outlet/core";
import { hash } from "../hash.ts";
import type { ReplyFields } from "../script/rule.types.ts";
import { encodingFor } from "../tokens/encoding.ts";
import { countTokens } from "../tokens/tokens.ts";
import { FLAGGED_WORDS } from "./flagged-words.ts";

const FLAGGED = 0.9;
/** What a category scores that nothing was found for: a little, as it does with a model. */
const MOST_UNFLAGGED = 0.01;

/** A result an input: scripted scores as they are, else what the list of flagged words finds. A mock does not look into images. */
export function moderationsFor({ model, input }: EngineModerationRequest, reply: ReplyFields): EngineModerations {
  const inputs = moderationInputs(input);
  const texts = inputs.map(textOf);
  const encoding = encodingFor(model);
  const counted = texts.reduce((sum, text) => sum + countTokens(text, encoding), 0);
  const prompt_tokens = reply.usage?.prompt_tokens ?? counted;
  return {
    results: inputs.map((parts, index) =>
      moderationVerdict({ model, parts, scores: scripted(reply) ?? found(texts[index] as string) }),
    ),
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  };
}

function textOf(parts: readonly ModerationPart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

function scripted({ moderation }: ReplyFields): ModerationScores | null {
  if (moderation === undefined) return null;
  if (!Array.isArray(moderation)) return moderation as ModerationScores;
  return Object.fromEntries((moderation as ModerationCategory[]).map((name) => [name, FLAGGED]));
}

/** The same text always scores the same. */
function found(text: string): ModerationScores {
  const said = text.toLowerCase();
  return Object.fromEntries(
    Object.entries(FLAGGED_WORDS).map(([name, words]) => {
      const flagged = words.some((word) => containsWord(said, word));
      const noise = (hash(`${name} ${said}`, 0) % 1000) / 1000;
      return [name, flagged ? FLAGGED + noise * (1 - FLAGGED) : noise * MOST_UNFLAGGED];
    }),
  );
}

const LETTER = /\p{L}/u;

/** A whole word or phrase: there is nothing to kill in "skillet". */
function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!LETTER.test(text.charAt(at - 1)) && !LETTER.test(text.charAt(at + word.length))) return true;
  }
  return false;
}
